//! The writing side of a session: one turn after the other, committed, published, checkpointed and ended as the server does
//! it, step by step.

use std::sync::{Arc, Mutex};

use atthene_protocol::event::{Audience, Event, MESSAGE_SNAPSHOT, Outcome, Role};
use atthene_protocol::ids::{MessageId, RunId};
use atthene_server::bus::Bus;
use atthene_server::bus::memory::MemoryBus;
use atthene_server::model::conversation::{Session, Status};
use atthene_server::model::event::NumberedEvent;
use atthene_server::store::{Appended, NewTurn, Store, TurnEnd};
use serde_json::json;

const BLOCK: u64 = 4_096;
/// More than a subscription holds.
const BURST: usize = 150;

/// What the writing side does next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Write {
    /// The next step of a turn: committed, begun, ended in the store, ended for its readers.
    Step,
    Delta,
    Burst,
    Checkpoint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Idle,
    Committed,
    Running,
    Ended,
}

/// One turn after the other, written as the server writes them.
pub(super) struct Writer {
    store: Arc<dyn Store>,
    /// Where it publishes.
    pub(super) bus: MemoryBus,
    session: Session,
    state: Mutex<Written>,
}

struct Written {
    phase: Phase,
    turn: usize,
    next_seq: u64,
    text: String,
    published_seq: u64,
}

impl Writer {
    pub(super) fn new(store: &Arc<dyn Store>, session: Session) -> Self {
        Self {
            store: Arc::clone(store),
            bus: MemoryBus::default(),
            session,
            state: Mutex::new(Written {
                phase: Phase::Idle,
                turn: 0,
                next_seq: 1,
                text: String::new(),
                published_seq: 0,
            }),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.state.lock().unwrap().phase
    }

    /// The number of the last event that everybody could have read.
    pub(super) fn published_seq(&self) -> u64 {
        self.state.lock().unwrap().published_seq
    }

    fn id(&self, kind: &str, turn: usize) -> String {
        format!("{kind}_{turn}_{}", self.session.id.as_str())
    }

    async fn publish(&self, event: Event) {
        let seq = {
            let mut state = self.state.lock().unwrap();
            state.next_seq += 1;
            state.next_seq - 1
        };
        self.publish_as(seq, event).await;
    }

    async fn publish_as(&self, seq: u64, event: Event) {
        let event = NumberedEvent::new(seq, Audience::Visitor, event);
        self.bus.publish(&self.session.id, event).await;
        self.state.lock().unwrap().published_seq = seq;
    }

    /// Goes on, where this can be done just now.
    pub(super) async fn write(&self, write: Write) {
        let phase = self.phase();
        match (write, phase) {
            (Write::Step, _) => self.step(phase).await,
            (Write::Delta, Phase::Running) => self.delta().await,
            (Write::Burst, Phase::Running) => {
                for _ in 0..BURST {
                    self.delta().await;
                }
            }
            (Write::Checkpoint, Phase::Running) => {
                let (turn, text, seq) = {
                    let state = self.state.lock().unwrap();
                    (state.turn, state.text.clone(), state.next_seq - 1)
                };
                let run_id = RunId(self.id("run", turn));
                let workspace = &self.session.workspace;
                assert!(
                    self.store
                        .checkpoint_turn(workspace, &run_id, &text, seq)
                        .await
                        .unwrap()
                );
            }
            _ => {}
        }
    }

    async fn delta(&self) {
        let (turn, delta) = {
            let mut state = self.state.lock().unwrap();
            let delta = format!("{}語 ", state.next_seq);
            state.text.push_str(&delta);
            (state.turn, delta)
        };
        let message_id = MessageId(self.id("msg_a", turn));
        self.publish(Event::TextMessageContent { message_id, delta }).await;
    }

    async fn step(&self, phase: Phase) {
        let turn = self.state.lock().unwrap().turn;
        let (run_id, thread_id) = (RunId(self.id("run", turn)), self.session.id.clone());
        let message_id = MessageId(self.id("msg_a", turn));
        let next = match phase {
            Phase::Idle => {
                self.commit(turn).await;
                Phase::Committed
            }
            Phase::Committed => {
                let value = json!({
                    "messageId": self.id("msg_q", turn), "role": "user", "content": format!("question {turn}"),
                    "status": "completed", "runId": run_id,
                });
                let name = MESSAGE_SNAPSHOT.to_owned();
                self.publish(Event::Custom { name, value }).await;
                let protocol_version = None;
                self.publish(Event::RunStarted {
                    thread_id,
                    run_id,
                    protocol_version,
                })
                .await;
                let role = Role::Assistant;
                self.publish(Event::TextMessageStart { message_id, role }).await;
                Phase::Running
            }
            Phase::Running => {
                self.finish(turn).await;
                Phase::Ended
            }
            Phase::Ended => {
                let seq = self.state.lock().unwrap().next_seq;
                self.publish_as(seq - 2, Event::TextMessageEnd { message_id }).await;
                let outcome = match outcome_of(turn) {
                    Status::Stopped => Outcome::Cancelled,
                    _ => Outcome::Success,
                };
                let end = Event::RunFinished {
                    thread_id,
                    run_id,
                    outcome,
                };
                self.publish_as(seq - 1, end).await;
                self.state.lock().unwrap().turn += 1;
                Phase::Idle
            }
        };
        self.state.lock().unwrap().phase = next;
    }

    async fn commit(&self, turn: usize) {
        let new = NewTurn {
            workspace: self.session.workspace.clone(),
            session_id: self.session.id.clone(),
            run_id: RunId(self.id("run", turn)),
            question_id: MessageId(self.id("msg_q", turn)),
            answer_id: MessageId(self.id("msg_a", turn)),
            client_id: turn.to_string(),
            content: format!("question {turn}"),
            blocks: Vec::new(),
            answers: None,
            correlation_id: None,
            variables: None,
            now: self.session.created_at,
        };
        let appended = self.store.append_visitor_message(&new, BLOCK).await.unwrap();
        let Appended::New { first_seq, .. } = appended else {
            panic!("{appended:?}");
        };
        let mut state = self.state.lock().unwrap();
        (state.next_seq, state.text) = (first_seq, String::new());
    }

    async fn finish(&self, turn: usize) {
        let end = {
            let mut state = self.state.lock().unwrap();
            state.next_seq += 2;
            TurnEnd {
                run_id: RunId(self.id("run", turn)),
                content: state.text.clone(),
                status: outcome_of(turn),
                waits: None,
                error_code: None,
                first_token_at: None,
                input_tokens: None,
                output_tokens: None,
                spent_tokens: 0,
                seq: state.next_seq - 1,
                trace: None,
                now: self.session.created_at,
            }
        };
        let finished = self.store.finish_turn(&self.session.workspace, &end).await.unwrap();
        assert!(finished.is_some());
    }
}

fn outcome_of(turn: usize) -> Status {
    [Status::Completed, Status::Stopped][turn % 2]
}
