//! Looking through conversations in SQLite: first which ones, then what a list shows of them.
//!
//! A search reads the messages themselves. An index of their words would be written with every turn, hold a second copy of
//! what visitors said, and have to be wiped word by word with each erasure. So a search goes from the latest conversation
//! back, some at a time, and stops after a while; whoever asked goes on from there.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use atthene_protocol::ids::{MessageId, SessionId, WorkspaceId};
use sqlx::Row;

use super::super::{
    Conversation, ConversationCursor, ConversationFilter, ConversationStore, FoundConversations, RatedAs, Said,
    StoreResult, Talker,
};
use super::{SqliteStore, rows};
use crate::model::time::Timestamp;

/// How many conversations are searched at a time.
const SEARCHED_AT_ONCE: u32 = 250;
/// How long a search goes on to look at more of them.
const SEARCH_PATIENCE: Duration = Duration::from_millis(40);
/// So much of a text is read for an excerpt, in characters.
const EXCERPT_CHARS: u32 = 400;

#[async_trait]
impl ConversationStore for SqliteStore {
    async fn find_conversations(
        &self,
        workspace: &WorkspaceId,
        filter: &ConversationFilter,
    ) -> StoreResult<FoundConversations> {
        let Some(text) = &filter.text else {
            let mut found = self.walk(workspace, filter, filter.limit.saturating_add(1)).await?;
            let is_more = found.len() > filter.limit as usize;
            found.truncate(filter.limit as usize);
            return Ok(answer(&found, is_more));
        };
        let begun = Instant::now();
        let patterns = patterns(text);
        let mut filter = filter.clone();
        let mut hits = Vec::new();
        loop {
            let walked = self.walk(workspace, &filter, SEARCHED_AT_ONCE).await?;
            let is_last = walked.len() < SEARCHED_AT_ONCE as usize;
            let matching = self.matching(workspace, &walked, &patterns).await?;
            let left = filter.limit as usize - hits.len();
            let is_full = matching.len() > left;
            hits.extend(matching.into_iter().take(left));
            if is_full {
                return Ok(answer(&hits, true));
            }
            filter.before = walked.last().cloned();
            if is_last || begun.elapsed() >= SEARCH_PATIENCE {
                return Ok(FoundConversations {
                    next: filter.before.filter(|_| !is_last),
                    ..answer(&hits, false)
                });
            }
        }
    }

    async fn load_conversations(&self, workspace: &WorkspaceId, ids: &[SessionId]) -> StoreResult<Vec<Conversation>> {
        let found = sqlx::query(
            "SELECT sessions.*,
                 (SELECT turns.status FROM turns
                  WHERE turns.workspace_id = sessions.workspace_id AND turns.session_id = sessions.id
                  ORDER BY turns.ordinal DESC LIMIT 1) AS status,
                 (SELECT COUNT(*) FROM messages
                  WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id) AS messages,
                 (SELECT COUNT(*) FROM messages INDEXED BY messages_rated
                  WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id
                      AND rating IS NOT NULL AND rating = 'up') AS ups,
                 (SELECT COUNT(*) FROM messages INDEXED BY messages_rated
                  WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id
                      AND rating IS NOT NULL AND rating = 'down') AS downs,
                 (SELECT SUBSTR(content, 1, $3) FROM messages
                  WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id
                      AND role = 'user'
                  ORDER BY position LIMIT 1) AS first_question,
                 (SELECT SUBSTR(content, 1, $3) FROM messages
                  WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id
                      AND content <> ''
                  ORDER BY position DESC LIMIT 1) AS latest_text
             FROM json_each($2) AS asked CROSS JOIN sessions ON sessions.workspace_id = $1 AND sessions.id = asked.value
             ORDER BY asked.key",
        )
        .bind(&workspace.0)
        .bind(rows::to_json(&ids)?)
        .bind(EXCERPT_CHARS)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let conversations = found.iter().map(|row| {
            let has_turn = row.try_get::<Option<&str>, _>("status")?.is_some();
            Ok(Conversation {
                session: rows::session(row)?,
                latest_turn: has_turn.then(|| rows::status(row)).transpose()?,
                first_question: row.try_get("first_question")?,
                latest_text: row.try_get("latest_text")?,
                message_count: rows::number(row, "messages")?,
                ups: rows::number(row, "ups")?,
                downs: rows::number(row, "downs")?,
            })
        });
        conversations.collect()
    }

    async fn list_texts(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        after: i64,
        limit: u32,
    ) -> StoreResult<Vec<Said>> {
        let found = sqlx::query(
            "SELECT position, id, role, content, status, created_at, rating, rating_comment FROM messages
             WHERE workspace_id = $1 AND session_id = $2 AND position > $3 ORDER BY position LIMIT $4",
        )
        .bind(&workspace.0)
        .bind(&session.0)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let texts = found.iter().map(|row| {
            Ok(Said {
                position: row.try_get("position")?,
                id: MessageId(row.try_get("id")?),
                role: rows::role(row)?,
                content: row.try_get("content")?,
                status: rows::status(row)?,
                created_at: Timestamp(row.try_get("created_at")?),
                feedback: rows::feedback(row)?,
            })
        });
        texts.collect()
    }
}

impl SqliteStore {
    /// The next sessions in the order of the list that fit all but the text.
    async fn walk(
        &self,
        workspace: &WorkspaceId,
        filter: &ConversationFilter,
        limit: u32,
    ) -> StoreResult<Vec<ConversationCursor>> {
        // `json_each` takes a list of any length in one parameter.
        let agents = filter.agent_ids.as_ref().map(rows::to_json).transpose()?;
        let statuses = filter.latest_turn.as_ref().map(rows::to_json).transpose()?;
        let before = filter.before.as_ref();
        let found = sqlx::query(
            "SELECT id, last_activity_at FROM sessions INDEXED BY sessions_by_activity
             WHERE workspace_id = $1 AND (last_activity_at, id) < ($2, $3)
                 AND ($4 IS NULL OR agent_id IN (SELECT value FROM json_each($4)))
                 AND ($5 IS NULL OR (visitor_id IS NOT NULL) = $5)
                 AND is_preview = $6
                 AND ($7 IS NULL OR COALESCE((
                     SELECT turns.status FROM turns
                     WHERE turns.workspace_id = sessions.workspace_id AND turns.session_id = sessions.id
                     ORDER BY turns.ordinal DESC LIMIT 1
                 ), 'completed') IN (SELECT value FROM json_each($7)))
                 AND ($8 IS NULL OR last_activity_at > $8 OR EXISTS (
                     SELECT 1 FROM turns
                     WHERE turns.workspace_id = sessions.workspace_id AND turns.session_id = sessions.id
                         AND turns.status = 'waiting'
                 ))
                 AND ($9 IS NULL OR last_activity_at <= $9)
                 AND ($10 IS NULL OR origin = $10)
                 AND ($11 IS NULL OR last_activity_at >= $11)
                 AND ($12 IS NULL OR created_at <= $12)
                 AND ($13 IS NULL OR EXISTS (
                     SELECT 1 FROM messages INDEXED BY messages_rated
                     WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id
                         AND rating IS NOT NULL AND ($13 = 'any' OR rating = $13)
                 ))
             ORDER BY last_activity_at DESC, id DESC LIMIT $14",
        )
        .bind(&workspace.0)
        .bind(before.map_or(i64::MAX, |cursor| cursor.last_activity_at.0))
        .bind(before.map_or("", |cursor| cursor.session_id.as_str()))
        .bind(agents)
        .bind(filter.talker.map(|talker| talker == Talker::Visitor))
        .bind(filter.is_preview)
        .bind(statuses)
        .bind(filter.active_since.map(|at| at.0))
        .bind(filter.active_until.map(|at| at.0))
        .bind(&filter.origin)
        .bind(filter.from.map(|at| at.0))
        .bind(filter.to.map(|at| at.0))
        .bind(filter.rated.map(|rated| match rated {
            RatedAs::Anything => "any",
            RatedAs::Only(rating) => rating.as_str(),
        }))
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let walked = found.iter().map(|row| {
            Ok(ConversationCursor {
                last_activity_at: Timestamp(row.try_get("last_activity_at")?),
                session_id: SessionId(row.try_get("id")?),
            })
        });
        walked.collect()
    }

    /// Those of them with a text that one of the patterns fits.
    async fn matching(
        &self,
        workspace: &WorkspaceId,
        walked: &[ConversationCursor],
        patterns: &[String; CASES],
    ) -> StoreResult<Vec<ConversationCursor>> {
        let ids: Vec<&SessionId> = walked.iter().map(|cursor| &cursor.session_id).collect();
        let [typed, small, capital, capitals] = patterns;
        let found = sqlx::query_scalar::<_, i64>(
            r"SELECT asked.key FROM json_each($2) AS asked
                 CROSS JOIN sessions ON sessions.workspace_id = $1 AND sessions.id = asked.value
             WHERE page_title LIKE $3 ESCAPE '\' OR page_title LIKE $4 ESCAPE '\'
                 OR page_title LIKE $5 ESCAPE '\' OR page_title LIKE $6 ESCAPE '\'
                 OR EXISTS (
                     SELECT 1 FROM messages
                     WHERE messages.workspace_id = $1 AND messages.session_id = sessions.id AND (
                         content LIKE $3 ESCAPE '\'
                         OR $4 <> $3 AND content LIKE $4 ESCAPE '\'
                         OR $5 <> $3 AND content LIKE $5 ESCAPE '\'
                         OR $6 <> $3 AND content LIKE $6 ESCAPE '\'
                     )
                 )
             ORDER BY asked.key",
        )
        .bind(&workspace.0)
        .bind(rows::to_json(&ids)?)
        .bind(typed)
        .bind(small)
        .bind(capital)
        .bind(capitals)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let places = found.into_iter().filter_map(|place| usize::try_from(place).ok());
        Ok(places.filter_map(|place| walked.get(place).cloned()).collect())
    }
}

fn answer(found: &[ConversationCursor], is_more: bool) -> FoundConversations {
    FoundConversations {
        ids: found.iter().map(|cursor| cursor.session_id.clone()).collect(),
        next: found.last().filter(|_| is_more).cloned(),
    }
}

/// How many ways a word is tried in.
const CASES: usize = 4;

/// A text as patterns of `LIKE`, which knows no case but that of a to z: as it is, small, with a capital first, and all
/// capitals. Without other letters all four are the same.
fn patterns(text: &str) -> [String; CASES] {
    if text.is_ascii() {
        return [(); CASES].map(|()| pattern(text));
    }
    let small = text.to_lowercase();
    let mut rest = small.chars();
    let capital = rest.next().map(|first| first.to_uppercase().chain(rest).collect());
    let capital = capital.unwrap_or_else(|| small.clone());
    [text.to_owned(), small, capital, text.to_uppercase()].map(|text| pattern(&text))
}

fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
