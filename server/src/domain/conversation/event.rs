//! The core's own words turned into events: snapshots of a message and of a turn, and a turn's numbered stream.

use std::sync::Arc;

use atthene_protocol::event::{Audience, Event, MESSAGE_SNAPSHOT, RUN_SNAPSHOT};
use atthene_protocol::ids::{RunId, SessionId, WorkspaceId};
use atthene_protocol::visitor::MessageView;
use serde_json::{Value, json};

use super::SEQ_BLOCK;
use crate::bus::Bus;
use crate::model::conversation::{Interrupt, Message, Status};
use crate::model::event::NumberedEvent;
use crate::store::{Store, StoreResult};

/// A message as a visitor sees it.
pub fn message_view(message: &Message) -> MessageView {
    MessageView {
        id: message.id.clone(),
        role: message.role,
        content: message.content.clone(),
        status: message.status,
        timestamp: message.created_at.to_iso(),
        client_id: message.client_id.clone(),
        run_id: message.run_id.clone(),
        feedback: message.feedback.clone(),
    }
}

/// The event that replaces a whole message.
pub(super) fn message_snapshot(message: &Message) -> Event {
    let mut value = json!({
        "messageId": message.id,
        "role": message.role,
        "content": message.content,
        "status": message.status,
        "runId": message.run_id,
        "timestamp": message.created_at.to_iso(),
    });
    if let Some(client_id) = &message.client_id {
        value["clientId"] = Value::from(client_id.as_str());
    }
    if let Some(feedback) = &message.feedback {
        value["feedback"] = json!(feedback);
    }
    Event::Custom {
        name: MESSAGE_SNAPSHOT.to_owned(),
        value,
    }
}

/// The event that tells the state of the turn.
pub(super) fn run_snapshot(run_id: &RunId, status: Status, interrupt: Option<&Interrupt>) -> Event {
    let mut value = json!({ "runId": run_id, "status": status });
    if let Some(interrupt) = interrupt.filter(|_| status == Status::Waiting) {
        value["interrupt"] = json!(interrupt);
    }
    Event::Custom {
        name: RUN_SNAPSHOT.to_owned(),
        value,
    }
}

/// A session's stream as its running turn writes it: gives out the reserved numbers and publishes.
pub(super) struct EventWriter {
    bus: Arc<dyn Bus>,
    store: Arc<dyn Store>,
    workspace: WorkspaceId,
    session: SessionId,
    next_seq: u64,
    end_seq: u64,
    kept: Option<Vec<Arc<NumberedEvent>>>,
}

/// So many events of a turn are kept for its end; an answer in more pieces than that is not read event by event.
const MAX_KEPT_EVENTS: usize = 20_000;

impl EventWriter {
    /// Writes under the numbers `first_seq ..` of a freshly reserved block.
    pub(super) fn new(
        bus: Arc<dyn Bus>,
        store: Arc<dyn Store>,
        workspace: WorkspaceId,
        session: SessionId,
        first_seq: u64,
    ) -> Self {
        Self {
            bus,
            store,
            workspace,
            session,
            next_seq: first_seq,
            end_seq: first_seq + SEQ_BLOCK,
            kept: None,
        }
    }

    /// Whether what is published from now on is kept for the end of the turn.
    pub(super) fn keep(&mut self, keep: bool) {
        self.kept = keep.then(Vec::new);
    }

    /// What was kept.
    pub(super) fn take_kept(&mut self) -> Vec<Arc<NumberedEvent>> {
        self.kept.take().unwrap_or_default()
    }

    /// Takes the next number; reserves another block when this one is used up.
    pub(super) async fn take_seq(&mut self) -> StoreResult<u64> {
        if self.next_seq == self.end_seq {
            self.next_seq = self
                .store
                .reserve_seqs(&self.workspace, &self.session, SEQ_BLOCK)
                .await?;
            self.end_seq = self.next_seq + SEQ_BLOCK;
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        Ok(seq)
    }

    /// Publishes under a number that was taken before.
    pub(super) async fn publish_as(&mut self, seq: u64, event: Event) {
        self.hand_out(NumberedEvent::new(seq, Audience::Visitor, event)).await;
    }

    async fn hand_out(&mut self, event: Arc<NumberedEvent>) {
        if let Some(kept) = self.kept.as_mut().filter(|kept| kept.len() < MAX_KEPT_EVENTS) {
            kept.push(Arc::clone(&event));
        }
        self.bus.publish(&self.session, event).await;
    }

    /// Publishes under the next number and tells it.
    pub(super) async fn publish(&mut self, event: Event) -> StoreResult<u64> {
        let seq = self.take_seq().await?;
        self.publish_as(seq, event).await;
        Ok(seq)
    }

    /// The same for those alone whom it may reach.
    pub(super) async fn publish_to(&mut self, audience: Audience, event: Event) -> StoreResult<u64> {
        let seq = self.take_seq().await?;
        self.hand_out(NumberedEvent::new(seq, audience, event)).await;
        Ok(seq)
    }
}
