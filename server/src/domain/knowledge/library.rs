//! What an agent knows, for those who look after it without a command line: files come one by one, and go one by one.
//! Which of its knowledge bases an agent searches is said by its configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::walk::{self, Content, Format};
use super::{document, sha256_hex};
use crate::domain::agents::{BASE_NAME_FORM, FieldNote, is_base_name, runnable_config};
use crate::domain::clock::Clock;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::agent::Agent;
use crate::model::audit::AuditEntry;
use crate::model::knowledge::{Document, DocumentSummary};
use crate::model::time::Timestamp;
use crate::store::Store;

/// Where an agent names no knowledge base, its first is called so.
const FIRST_BASE: &str = "docs";
/// The longest name of a file, in characters.
const MAX_NAME_CHARS: usize = 200;
/// By how many letters of its hash a document is named.
const ID_CHARS: usize = 32;

/// A file as it came.
pub struct NamedFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A file that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Its name, as it came.
    pub file: String,
    /// Why, and what would be taken.
    pub message: String,
}

/// A knowledge base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its name.
    pub name: String,
    /// Whether the agent's configuration names it: others are searched by nobody.
    pub is_used: bool,
    /// What is in it, by path.
    pub documents: Vec<DocumentSummary>,
}

/// What became of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// The knowledge base.
    pub base: String,
    /// Whether the agent names no knowledge base yet, so that nothing would be searched.
    pub is_first: bool,
    /// What is in the index now.
    pub documents: Vec<DocumentSummary>,
    /// What is not.
    pub problems: Vec<Unfit>,
}

/// The knowledge of agents, over the store.
pub struct Library {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Library {
    /// Over its seams.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The knowledge bases of an agent by name: those that hold something, and those that its configuration names.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list(&self, agent: &Agent) -> Result<Vec<Base>, Error> {
        let named = named_bases(agent)?;
        let mut bases: BTreeMap<String, Vec<DocumentSummary>> = BTreeMap::new();
        bases.extend(named.iter().map(|name| (name.clone(), Vec::new())));
        for document in self.store.list_all_documents(&agent.workspace, &agent.id).await? {
            bases.entry(document.base.clone()).or_default().push(document);
        }
        let told = bases.into_iter().map(|(name, documents)| Base {
            is_used: named.contains(&name),
            name,
            documents,
        });
        Ok(told.collect())
    }

    /// Puts files into the index, each in the place of one of the same name. `base`: the only one that the agent names, or
    /// `docs` where it names none.
    ///
    /// # Errors
    /// `Malformed` where the knowledge base cannot be told or be called so, `Internal`.
    pub async fn add(
        &self,
        caller: &Caller,
        agent: &Agent,
        base: Option<String>,
        files: Vec<NamedFile>,
    ) -> Result<Added, Error> {
        let named = named_bases(agent)?;
        let mut added = Added {
            base: choose_base(&named, base)?,
            is_first: named.is_empty(),
            ..Added::default()
        };
        let known = self
            .store
            .list_documents(&agent.workspace, &agent.id, &added.base)
            .await?;
        let mut count = known.len();
        for file in files {
            let is_new = !known.iter().any(|(path, _)| *path == file_name(&file.name));
            if is_new && count >= walk::MAX_FILES {
                let message = format!(
                    "A knowledge base holds at most {} documents; take some out.",
                    walk::MAX_FILES
                );
                added.problems.push(Unfit {
                    file: file.name,
                    message,
                });
                continue;
            }
            match read(file, self.clock.now()).await? {
                Ok(document) => {
                    let (workspace, id) = (&agent.workspace, &agent.id);
                    self.store.put_document(workspace, id, &added.base, &document).await?;
                    count += usize::from(is_new);
                    added.documents.push(summary(&added.base, &document));
                }
                Err(unfit) => added.problems.push(unfit),
            }
        }
        if !added.documents.is_empty() {
            let ids: Vec<String> = added.documents.iter().map(|one| document_id(&one.path)).collect();
            let detail = json!({ "base": added.base, "documents": ids });
            self.record(caller, agent, "knowledge.added", detail).await?;
        }
        Ok(added)
    }

    /// Takes a document out of the index, with all its passages, on the disk too.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn remove(&self, caller: &Caller, agent: &Agent, base: &str, id: &str) -> Result<(), Error> {
        const NO_DOCUMENT: Error = Error::NotFound("There is no such document.");
        let (workspace, agent_id) = (&agent.workspace, &agent.id);
        let known = self.store.list_documents(workspace, agent_id, base).await?;
        let (path, _) = known
            .into_iter()
            .find(|(path, _)| document_id(path) == id)
            .ok_or(NO_DOCUMENT)?;
        if !self.store.remove_document(workspace, agent_id, base, &path).await? {
            return Err(NO_DOCUMENT);
        }
        self.store.settle_erasures().await?;
        let detail = json!({ "base": base, "document": id });
        self.record(caller, agent, "knowledge.removed", detail).await
    }

    async fn record(
        &self,
        caller: &Caller,
        agent: &Agent,
        action: &str,
        detail: serde_json::Value,
    ) -> Result<(), Error> {
        let entry = AuditEntry {
            workspace: agent.workspace.clone(),
            at: self.clock.now(),
            actor: caller.key.id.to_string(),
            action: action.to_owned(),
            subject: agent.id.to_string(),
            detail,
        };
        Ok(self.store.append_audit(&entry).await?)
    }
}

/// One file, cut. That may take a while, so it does not hold up the server.
async fn read(file: NamedFile, now: Timestamp) -> Result<Result<Document, Unfit>, Error> {
    let cut = move || {
        let path = file_name(&file.name);
        let read = check_name(&path).and_then(|()| match walk::decode(file.bytes) {
            Content::Text(text) => Ok(document(&path, &text, sha256_hex(text.as_bytes()), now)),
            Content::Unfit(reason) => Err(format!(
                "This file is {reason}. Text in UTF-8 of at most 2 MiB is taken."
            )),
        });
        read.map_err(|message| Unfit {
            file: file.name,
            message,
        })
    };
    let done = tokio::task::spawn_blocking(cut).await;
    done.map_err(|error| Error::Internal(format!("a file could not be cut: {error}")))
}

/// The id of a document in addresses: the same for the same path, so that it never comes to mean another document.
pub fn document_id(path: &str) -> String {
    let hash = sha256_hex(path.as_bytes());
    format!("doc_{}", hash.get(..ID_CHARS).unwrap_or(&hash))
}

/// The name without the folders that some browsers send along.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).collect()
}

fn check_name(name: &str) -> Result<(), String> {
    let count = name.chars().count();
    if count > MAX_NAME_CHARS {
        return Err(format!(
            "Its name is {count} characters long; at most {MAX_NAME_CHARS} are taken."
        ));
    }
    if Format::of(name).is_none() {
        let taken = "Markdown (.md, .markdown), text (.txt) and HTML (.html, .htm) are";
        return Err(format!(
            "This kind of file is not taken: {taken}. Save it as one of these."
        ));
    }
    Ok(())
}

fn named_bases(agent: &Agent) -> Result<Vec<String>, Error> {
    let config = runnable_config(&agent.system_config).map_err(Error::Internal)?;
    Ok(config.knowledge_bases.into_iter().map(|base| base.name).collect())
}

fn choose_base(named: &[String], asked: Option<String>) -> Result<String, Error> {
    let refuse = |message: String| {
        let field = "base".to_owned();
        let note = FieldNote {
            field,
            message: message.clone(),
        };
        Error::invalid_fields("base", message, vec![note])
    };
    match (asked, named) {
        (Some(base), _) if is_base_name(&base) => Ok(base),
        (Some(_), _) => Err(refuse(BASE_NAME_FORM.to_owned())),
        (None, []) => Ok(FIRST_BASE.to_owned()),
        (None, [only]) => Ok(only.clone()),
        (None, several) => Err(refuse(format!(
            "The agent names several knowledge bases: give `base`, one of {}.",
            several.join(", ")
        ))),
    }
}

fn summary(base: &str, document: &Document) -> DocumentSummary {
    DocumentSummary {
        base: base.to_owned(),
        path: document.path.clone(),
        bytes: Some(document.bytes),
        passages: document.passages.len() as u64,
        indexed_at: document.indexed_at,
    }
}
