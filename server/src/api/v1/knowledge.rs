//! `/agent/{id}/knowledge`: what an agent knows; files come as a form, one or many, and go one by one.

use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::domain::keys;
use crate::domain::knowledge::{Added, Base, NamedFile, Unfit, document_id};
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::{malformed, refuse_type, too_large};
use crate::http::problem::Failure;
use crate::model::agent::Agent;
use crate::model::knowledge::DocumentSummary;
use crate::state::AppState;

/// What an agent knows.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeView {
    /// Its knowledge bases, by name.
    bases: Vec<BaseView>,
}

/// A knowledge base.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeBase)]
pub struct BaseView {
    /// Its name.
    name: String,
    /// Whether the agent's configuration names it: others are searched by nobody.
    is_used: bool,
    /// What is in it, by name.
    documents: Vec<DocumentView>,
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeDocument)]
pub struct DocumentView {
    /// Its id in addresses.
    id: String,
    /// Its file's name.
    name: String,
    /// How many passages it gave.
    passages: u64,
    /// How large the file was; null where that was not kept.
    bytes: Option<u64>,
    /// When it was indexed.
    indexed_at: String,
}

/// What became of files.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeAdded {
    /// The knowledge base.
    base: String,
    /// Whether the agent's configuration now names it because it named none.
    linked: bool,
    /// What is in the index now.
    documents: Vec<DocumentView>,
    /// What is not, and why.
    problems: Vec<FileProblem>,
}

/// A file that is left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileProblem {
    /// Its name.
    file: String,
    /// Why, and what would be taken.
    message: String,
}

impl From<Base> for BaseView {
    fn from(base: Base) -> Self {
        Self {
            name: base.name,
            is_used: base.is_used,
            documents: base.documents.into_iter().map(DocumentView::from).collect(),
        }
    }
}

impl From<DocumentSummary> for DocumentView {
    fn from(document: DocumentSummary) -> Self {
        Self {
            id: document_id(&document.path),
            name: document.path,
            passages: document.passages,
            bytes: document.bytes,
            indexed_at: document.indexed_at.to_iso(),
        }
    }
}

impl From<Unfit> for FileProblem {
    fn from(Unfit { file, message }: Unfit) -> Self {
        Self { file, message }
    }
}

/// Everything that an agent knows.
///
/// # Errors
/// As the catalogue says.
pub async fn show_knowledge(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
) -> Result<Json<KnowledgeView>, Error> {
    let agent = state.agents.find(&caller, &agent).await?;
    let bases = state.library.list(&agent).await?;
    Ok(Json(KnowledgeView {
        bases: bases.into_iter().map(BaseView::from).collect(),
    }))
}

/// Puts the files of a form into the index. One that cannot be taken keeps the others from nothing.
///
/// # Errors
/// 400, 404, 413, 415.
pub async fn add_documents(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
    request: Request,
) -> Result<Json<KnowledgeAdded>, Failure> {
    let agent = state.agents.find(&caller, &agent).await?;
    let (base, files) = read_form(request, &state).await?;
    let mut added = state.library.add(&caller, &agent, base, files).await?;
    let linked = link_first(&state, &caller, &agent, &mut added).await?;
    Ok(Json(KnowledgeAdded {
        base: added.base,
        linked,
        documents: added.documents.into_iter().map(DocumentView::from).collect(),
        problems: added.problems.into_iter().map(FileProblem::from).collect(),
    }))
}

/// Takes a document out of the index.
///
/// # Errors
/// As the catalogue and the library say.
pub async fn remove_document(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path((agent, base, document)): Path<(String, String, String)>,
) -> Result<StatusCode, Error> {
    let agent = state.agents.find(&caller, &agent).await?;
    state.library.remove(&caller, &agent, &base, &document).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An agent that names no knowledge base names its first one now: what was just put in would be searched by nobody. Which
/// of several it searches stays its configuration's business.
async fn link_first(state: &AppState, caller: &keys::Caller, agent: &Agent, added: &mut Added) -> Result<bool, Error> {
    if !added.is_first || added.documents.is_empty() {
        return Ok(false);
    }
    let change = json!({ "system_config": { "knowledge_bases": [{ "name": added.base }] } });
    match state.agents.change(caller, agent.id.as_str(), &change).await {
        Ok(_) => Ok(true),
        // The files are in; that the agent cannot be saved any more has another cause, which its own page shows.
        Err(Error::Malformed { message, .. }) => {
            let message = format!("{message} So it does not search {} yet.", added.base);
            let file = String::new();
            added.problems.push(Unfit { file, message });
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// `base` as a field, everything with a file name as a file.
async fn read_form(request: Request, state: &AppState) -> Result<(Option<String>, Vec<NamedFile>), Failure> {
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(|_| refuse_type("Send the files as a form, with `Content-Type: multipart/form-data`."))?;
    let (mut base, mut files) = (None, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let is_base = field.name() == Some("base");
        let name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|error| broken(&error))?.to_vec();
        match name {
            Some(name) => files.push(NamedFile { name, bytes }),
            None if is_base => {
                let text = String::from_utf8(bytes);
                base = Some(text.map_err(|_| malformed("not_utf8", "The field `base` is not UTF-8."))?);
            }
            None => {}
        }
    }
    if files.is_empty() {
        return Err(malformed(
            "file",
            "Send at least one file, each as a field with a file name.",
        ));
    }
    Ok((base.filter(|base| !base.is_empty()), files))
}

fn broken(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    malformed("malformed_form", error.body_text())
}
