//! What agents know: a folder of files becomes passages (`add_folder`), a question finds them (`AgentKnowledge`).
//!
//! The index itself is the store's; how files are walked is in `walk`, how they are cut in `cut` and `html`; files that
//! come one by one are the `library`'s.

mod cut;
mod html;
mod library;
mod rank;
mod walk;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use sha2::{Digest, Sha256};

pub use library::{Added, Base, Library, NamedFile, Unfit, document_id};

use crate::model::knowledge::{Document, Found};
use crate::model::time::Timestamp;
use crate::model::words::search_words;
use crate::runner::Knowledge;
use crate::store::{KnowledgeStore, Store, StoreError};

/// Why a folder could not be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The folder or a file in it could not be read; nothing was removed.
    #[error("{path} cannot be read: {cause}")]
    Unreadable {
        /// What.
        path: String,
        /// Why.
        cause: String,
    },
    /// There are more files than a knowledge base takes.
    #[error("the folder holds more than {0} files that could be indexed")]
    TooManyFiles(usize),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What happens while a folder is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many files will be looked at.
    Files(usize),
    /// A new or changed file is in the index.
    Indexed {
        /// Below the folder.
        path: String,
        /// How many passages it gave.
        passages: usize,
    },
    /// A file is as it was.
    Unchanged {
        /// Below the folder.
        path: String,
    },
    /// A file is left out; what the index held of it goes.
    Skipped {
        /// Below the folder.
        path: String,
        /// Why, for the person who added it.
        reason: &'static str,
    },
    /// A file is gone from the folder and now from the index.
    Removed {
        /// Below the folder.
        path: String,
    },
}

/// What became of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// New and changed files.
    pub indexed: usize,
    /// Files that were as before.
    pub unchanged: usize,
    /// Files that were left out.
    pub skipped: usize,
    /// Documents that left the index.
    pub removed: usize,
    /// Passages of the new and changed files.
    pub passages: usize,
}

/// Makes the knowledge base `base` of an agent hold the Markdown, text and HTML files below `dir`, and nothing else.
///
/// # Errors
/// The folder cannot be read whole, or the store failed. What was indexed until then stays, and the next run goes on.
pub async fn add_folder(
    store: &dyn KnowledgeStore,
    workspace: &WorkspaceId,
    agent: &AgentId,
    base: &str,
    dir: &Path,
    now: Timestamp,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, AddError> {
    let root = dir.to_owned();
    let (root, files) = in_background(move || walk::files_below(&root)).await?;
    progress(Progress::Files(files.len()));
    let mut known: HashMap<String, String> = store
        .list_documents(workspace, agent, base)
        .await?
        .into_iter()
        .collect();
    let mut report = Report::default();
    for file in files {
        let path = file.path.clone();
        let root = root.clone();
        let content = in_background(move || walk::read(&root, &file)).await?;
        let content = match content {
            walk::Content::Text(text) => text,
            walk::Content::Unfit(reason) => {
                report.skipped += 1;
                progress(Progress::Skipped { path, reason });
                continue;
            }
        };
        let hash = sha256_hex(content.as_bytes());
        if known.remove(&path).is_some_and(|before| before == hash) {
            report.unchanged += 1;
            progress(Progress::Unchanged { path });
            continue;
        }
        let document = document(&path, &content, hash, now);
        let passages = document.passages.len();
        store.put_document(workspace, agent, base, &document).await?;
        report.indexed += 1;
        report.passages += passages;
        progress(Progress::Indexed { path, passages });
    }
    for path in known.into_keys() {
        if store.remove_document(workspace, agent, base, &path).await? {
            report.removed += 1;
            progress(Progress::Removed { path });
        }
    }
    Ok(report)
}

/// Cuts one file; pure.
pub fn document(path: &str, content: &str, content_hash: String, now: Timestamp) -> Document {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let cut = match walk::Format::of(path) {
        Some(walk::Format::Html) => cut::markdown(&html::to_markdown(content), path, file_name),
        Some(walk::Format::Text) => cut::plain(content, path, file_name),
        _ => cut::markdown(content, path, file_name),
    };
    Document {
        path: path.to_owned(),
        title: cut.title,
        content_hash,
        bytes: content.len() as u64,
        indexed_at: now,
        passages: cut.passages,
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Files are read where waiting does not hold up the server.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AddError> + Send + 'static,
) -> Result<T, AddError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(AddError::Unreadable {
            path: "the folder".to_owned(),
            cause: error.to_string(),
        }),
    }
}

/// The knowledge of one agent, as its turns search it.
pub struct AgentKnowledge {
    /// Where the index is.
    pub store: Arc<dyn Store>,
    /// The owner.
    pub workspace: WorkspaceId,
    /// The agent; one that is not saved knows nothing.
    pub agent: Option<AgentId>,
    /// The names of its knowledge bases.
    pub bases: Vec<String>,
}

#[async_trait]
impl Knowledge for AgentKnowledge {
    async fn search(&self, question: &str, limit: u32) -> Vec<Found> {
        let words = search_words(question);
        let Some(agent) = self
            .agent
            .as_ref()
            .filter(|_| !words.is_empty() && !self.bases.is_empty())
        else {
            return Vec::new();
        };
        let found = self
            .store
            .search_passages(
                &self.workspace,
                agent,
                &self.bases,
                &words,
                limit.saturating_mul(rank::CANDIDATES),
            )
            .await
            .map(|found| rank::best(&words, found, limit as usize));
        // An agent without its knowledge still says something honest; a turn does not fail for a search.
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, %agent, "the search in the knowledge failed");
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests;
