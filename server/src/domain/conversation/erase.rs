//! Erasing sessions, by whom they belong to or by their age: the running turn is stopped and booked, the store forgets,
//! and everyone who listens is told. Nothing brings a session back: the store takes no write for one that it does not
//! hold, and a turn that was committed just before is stopped before its model is asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use atthene_protocol::ids::{AgentId, SessionId, WorkspaceId};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::Conversations;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::audit::AuditEntry;
use crate::model::conversation::Session;
use crate::model::key::Scope;
use crate::model::time::Timestamp;
use crate::store::SessionFilter;

/// How long a stopped turn may take to end and to be booked before its session goes all the same.
const END_PATIENCE: Duration = Duration::from_secs(2);
/// Longer than any turn needs from its commit to its begin.
const BEGIN_PATIENCE: Duration = Duration::from_secs(60);
/// Who the audit log names where a visitor erases.
const VISITOR: &str = "visitor";

/// What the audit log calls it where somebody erases a conversation that others had.
const CONVERSATION_ERASED: &str = "conversation.erased";

/// Sessions that were erased a moment ago, for turns that were committed before that and begin after it.
#[derive(Default)]
pub(super) struct JustErased(Mutex<HashMap<SessionId, Instant>>);

impl JustErased {
    fn add(&self, ids: &[SessionId]) {
        let mut erased = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        erased.retain(|_, at| at.elapsed() < BEGIN_PATIENCE);
        erased.extend(ids.iter().map(|id| (id.clone(), Instant::now())));
    }

    fn remove(&self, ids: &[SessionId]) {
        let mut erased = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        erased.retain(|id, _| !ids.contains(id));
    }

    fn contains(&self, id: &SessionId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }
}

impl Conversations {
    /// Erases a visitor's own session.
    ///
    /// # Errors
    /// `ShuttingDown`, `Internal`.
    pub async fn erase(self: &Arc<Self>, session: &Session) -> Result<(), Error> {
        let entry = self.erasure(&session.workspace, VISITOR, session.id.as_str(), json!({}));
        self.erase_all(&session.workspace, vec![session.id.clone()], entry)
            .await
            .map(drop)
    }

    /// Erases a session that this key made; with the scope `admin` anybody's.
    ///
    /// # Errors
    /// `NotFound`, `ShuttingDown`, `Internal`.
    pub async fn delete_session(self: &Arc<Self>, caller: &Caller, id: &str) -> Result<(), Error> {
        let session = match caller.key.may(Scope::Admin) {
            true => self.readable_session(caller, id).await?,
            false => self.session_of_key(caller, id).await?,
        };
        let mut entry = self.erasure(&session.workspace, caller.key.id.as_str(), id, json!({}));
        if session.key_id.as_ref() != Some(&caller.key.id) {
            // Somebody else's, so of more than the one who asked.
            entry.action = CONVERSATION_ERASED.to_owned();
            entry.detail = json!({ "agent": session.agent_id });
        }
        self.erase_all(&session.workspace, vec![session.id], entry)
            .await
            .map(drop)
    }

    /// Erases every session of an agent that this key made; answers how many.
    ///
    /// # Errors
    /// `ShuttingDown`, `Internal`.
    pub async fn delete_sessions_of_agent(self: &Arc<Self>, caller: &Caller, agent: &AgentId) -> Result<u64, Error> {
        let workspace = &caller.key.workspace;
        let filter = SessionFilter {
            key_id: Some(caller.key.id.clone()),
            agent_ids: Some(vec![agent.clone()]),
            limit: u32::MAX,
            ..SessionFilter::default()
        };
        let sessions = self.store.list_sessions(workspace, &filter).await?;
        if sessions.is_empty() {
            return Ok(0);
        }
        let ids: Vec<SessionId> = sessions.into_iter().map(|(session, _)| session.id).collect();
        let detail = json!({ "sessions": ids.len() });
        let entry = self.erasure(workspace, caller.key.id.as_str(), agent.as_str(), detail);
        self.erase_all(workspace, ids, entry).await
    }

    /// Erases at most so many sessions in which nothing happened since a moment; answers how many.
    ///
    /// # Errors
    /// `Internal`.
    pub(in crate::domain) async fn erase_idle(&self, since: Timestamp, limit: u32) -> Result<u64, Error> {
        let ids = self.store.delete_idle_sessions(since, limit).await?;
        self.just_erased.add(&ids);
        for id in &ids {
            self.cancel(id);
            self.bus.close(id).await;
        }
        Ok(ids.len() as u64)
    }

    /// Stops the turn that has just begun in a session that is no more.
    pub(super) fn stop_if_erased(&self, session: &SessionId) {
        if self.just_erased.contains(session) {
            self.cancel(session);
        }
    }

    /// In a task of its own: whoever asked for it and hung up is obeyed all the same.
    async fn erase_all(
        self: &Arc<Self>,
        workspace: &WorkspaceId,
        ids: Vec<SessionId>,
        entry: AuditEntry,
    ) -> Result<u64, Error> {
        let _work = self.begin_work()?;
        let (this, workspace) = (Arc::clone(self), workspace.clone());
        let erased = self.tasks.spawn(async move {
            this.just_erased.add(&ids);
            this.end_turns(&ids).await;
            let deleted = this.store.delete_sessions(&workspace, &ids).await;
            if deleted.is_err() {
                this.just_erased.remove(&ids);
            }
            let deleted = deleted?;
            for id in &ids {
                this.bus.close(id).await;
            }
            if let Err(error) = this.store.append_audit(&entry).await {
                tracing::error!(%error, "an erasure is not in the audit log");
            }
            Ok(deleted)
        });
        erased
            .await
            .map_err(|error| Error::Internal(format!("erasing failed: {error}")))?
    }

    /// Stops the running turns and waits for their ends, so that what they cost counts.
    async fn end_turns(&self, ids: &[SessionId]) {
        let ends: Vec<_> = {
            let running = self.running();
            let turns = ids.iter().filter_map(|id| running.get(id));
            turns
                .map(|turn| {
                    turn.stop.cancel();
                    turn.end.subscribe()
                })
                .collect()
        };
        let ended = futures_util::future::join_all(ends.into_iter().map(|mut end| async move {
            // A turn whose task is gone has ended too.
            let _ = end.wait_for(Option::is_some).await;
        }));
        if timeout(END_PATIENCE, ended).await.is_err() {
            tracing::warn!("sessions are erased while a turn of theirs has not ended");
        }
    }

    fn erasure(&self, workspace: &WorkspaceId, actor: &str, subject: &str, detail: Value) -> AuditEntry {
        AuditEntry {
            workspace: workspace.clone(),
            at: self.clock.now(),
            actor: actor.to_owned(),
            action: "session.erased".to_owned(),
            subject: subject.to_owned(),
            detail,
        }
    }
}
