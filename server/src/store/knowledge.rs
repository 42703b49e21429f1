//! What agents know: documents, and the passages that a search finds.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};

use super::StoreResult;
use crate::model::knowledge::{Document, DocumentSummary, Found};

/// What agents know.
#[async_trait]
pub trait KnowledgeStore: Send + Sync {
    /// Path and content hash of each document of a knowledge base of an agent.
    async fn list_documents(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        base: &str,
    ) -> StoreResult<Vec<(String, String)>>;
    /// Every document of an agent, by knowledge base and path.
    async fn list_all_documents(&self, workspace: &WorkspaceId, agent: &AgentId) -> StoreResult<Vec<DocumentSummary>>;
    /// Replaces a document and its passages in the index.
    async fn put_document(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        base: &str,
        document: &Document,
    ) -> StoreResult<()>;
    /// Removes a document. `false`: there was none.
    async fn remove_document(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        base: &str,
        path: &str,
    ) -> StoreResult<bool>;
    /// The best `limit` passages for any of the words, by BM25, best first. The words are taken as text, never as a
    /// query language.
    async fn search_passages(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        bases: &[String],
        words: &[String],
        limit: u32,
    ) -> StoreResult<Vec<Found>>;
}
