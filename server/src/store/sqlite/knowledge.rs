//! What agents know, in SQLite: documents, their passages, and an FTS5 index that triggers keep in step.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use sqlx::{Row, SqliteConnection};

use super::super::{KnowledgeStore, StoreResult};
use super::{SqliteStore, rows};
use crate::model::knowledge::{Document, DocumentSummary, Found, Passage};
use crate::model::time::Timestamp;

/// More words than this say nothing more about what is meant, and FTS5 bounds how large a query may grow.
const WORDS_MAX: usize = 64;

#[async_trait]
impl KnowledgeStore for SqliteStore {
    async fn list_documents(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        base: &str,
    ) -> StoreResult<Vec<(String, String)>> {
        Ok(sqlx::query_as(
            "SELECT path, content_hash FROM documents WHERE workspace_id = $1 AND agent_id = $2 AND base = $3
             ORDER BY path",
        )
        .bind(&workspace.0)
        .bind(&agent.0)
        .bind(base)
        .fetch_all(&mut *self.readers.take().await?)
        .await?)
    }

    async fn list_all_documents(&self, workspace: &WorkspaceId, agent: &AgentId) -> StoreResult<Vec<DocumentSummary>> {
        let found = sqlx::query(
            "SELECT base, path, bytes, indexed_at,
                 (SELECT COUNT(*) FROM passages WHERE passages.document_id = documents.id) AS passages
             FROM documents WHERE workspace_id = $1 AND agent_id = $2 ORDER BY base, path",
        )
        .bind(&workspace.0)
        .bind(&agent.0)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let listed = found.iter().map(|row| {
            Ok(DocumentSummary {
                base: row.try_get("base")?,
                path: row.try_get("path")?,
                bytes: rows::optional_number(row, "bytes")?,
                passages: rows::number(row, "passages")?,
                indexed_at: Timestamp(row.try_get("indexed_at")?),
            })
        });
        listed.collect()
    }

    async fn put_document(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        base: &str,
        document: &Document,
    ) -> StoreResult<()> {
        let (workspace, agent, base, document) = (workspace.clone(), agent.clone(), base.to_owned(), document.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    remove(connection, &workspace, &agent, &base, &document.path).await?;
                    let id: i64 = sqlx::query_scalar(
                        "INSERT INTO documents (workspace_id, agent_id, base, path, title, content_hash, indexed_at,
                             bytes)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
                    )
                    .bind(&workspace.0)
                    .bind(&agent.0)
                    .bind(&base)
                    .bind(&document.path)
                    .bind(&document.title)
                    .bind(&document.content_hash)
                    .bind(document.indexed_at.0)
                    .bind(rows::integer(document.bytes))
                    .fetch_one(&mut *connection)
                    .await?;
                    for passage in &document.passages {
                        sqlx::query(
                            "INSERT INTO passages (workspace_id, agent_id, document_id, title, heading, text)
                             VALUES ($1, $2, $3, $4, $5, $6)",
                        )
                        .bind(&workspace.0)
                        .bind(&agent.0)
                        .bind(id)
                        .bind(&passage.title)
                        .bind(&passage.heading)
                        .bind(&passage.text)
                        .execute(&mut *connection)
                        .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn remove_document(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        base: &str,
        path: &str,
    ) -> StoreResult<bool> {
        let (workspace, agent, base, path) = (workspace.clone(), agent.clone(), base.to_owned(), path.to_owned());
        self.writer
            .write(move |connection| {
                Box::pin(async move { remove(connection, &workspace, &agent, &base, &path).await })
            })
            .await
    }

    async fn search_passages(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        bases: &[String],
        words: &[String],
        limit: u32,
    ) -> StoreResult<Vec<Found>> {
        let Some(query) = match_any(agent, words) else {
            return Ok(Vec::new());
        };
        // A word in a heading says more than one in the title, and both far more than one in the text.
        let found = sqlx::query(
            "SELECT passages.title, passages.heading, passages.text, documents.path,
                 bm25(passage_words, 0.0, 4.0, 6.0, 1.0) AS distance
             FROM passage_words
             JOIN passages ON passages.id = passage_words.rowid
             JOIN documents ON documents.id = passages.document_id
             WHERE passage_words MATCH $1 AND passages.workspace_id = $2 AND passages.agent_id = $3
                 AND documents.base IN (SELECT value FROM json_each($4))
             ORDER BY distance, passages.id LIMIT $5",
        )
        .bind(query)
        .bind(&workspace.0)
        .bind(&agent.0)
        .bind(rows::to_json(&bases)?)
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found
            .iter()
            .map(|row| {
                let passage = Passage {
                    title: row.try_get("title")?,
                    path: row.try_get("path")?,
                    heading: row.try_get("heading")?,
                    text: row.try_get("text")?,
                };
                // SQLite's bm25() is smaller where the match is better.
                let distance: f64 = row.try_get("distance")?;
                Ok(Found {
                    passage,
                    score: -distance,
                })
            })
            .collect()
    }
}

async fn remove(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    agent: &AgentId,
    base: &str,
    path: &str,
) -> StoreResult<bool> {
    let done =
        sqlx::query("DELETE FROM documents WHERE workspace_id = $1 AND agent_id = $2 AND base = $3 AND path = $4")
            .bind(&workspace.0)
            .bind(&agent.0)
            .bind(base)
            .bind(path)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// An FTS5 query for this agent's passages with any of the words. `None`: there is no word to look for.
fn match_any(agent: &AgentId, words: &[String]) -> Option<String> {
    let mut quoted: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| word.chars().any(char::is_alphanumeric)) {
        let word = quote(word);
        if quoted.len() < WORDS_MAX && !quoted.contains(&word) {
            quoted.push(word);
        }
    }
    let any = (!quoted.is_empty()).then(|| quoted.join(" OR "))?;
    Some(format!(
        "agent_id : {} AND {{title heading text}} : ({any})",
        quote(&agent.0)
    ))
}

/// A string of the query language: nothing inside it has a meaning, but the quote and the end mark of C.
fn quote(word: &str) -> String {
    format!("\"{}\"", word.replace('\0', " ").replace('"', "\"\""))
}
