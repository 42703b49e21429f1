//! Refused origins, and refused keys in pages, on their way to the audit log: sampled, and never on the way of the refusal itself (a refusal must
//! cost no store write).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use atthene_protocol::ids::WorkspaceId;
use serde_json::json;
use tokio::sync::mpsc;

use crate::model::agent::Agent;
use crate::model::audit::AuditEntry;
use crate::model::time::Timestamp;

/// At most so many different refused origins are kept per agent and day.
const MOST_PER_DAY: usize = 50;
/// A refused origin is kept up to this length, in characters.
const ORIGIN_CHARS: usize = 300;
/// How many refusals may wait to be written; more are dropped.
const QUEUE: usize = 256;

/// Remembers which refusals were kept today.
pub struct Refusals {
    queue: mpsc::Sender<AuditEntry>,
    today: Mutex<Today>,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

#[derive(Default)]
struct Today {
    day: i64,
    seen: HashSet<(String, &'static str, String)>,
    counts: std::collections::HashMap<String, usize>,
}

impl Refusals {
    /// A sampler and the queue that a task writes into the store.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> (Self, mpsc::Receiver<AuditEntry>) {
        let (queue, entries) = mpsc::channel(QUEUE);
        (
            Self {
                queue,
                today: Mutex::default(),
                now: Box::new(now),
            },
            entries,
        )
    }

    /// Keeps a refusal with its stable code, if it is the first of its kind today and there is room; tells whether.
    pub fn remember(&self, agent: &Agent, code: &'static str, origin: Option<String>) -> bool {
        self.keep(&agent.workspace, agent.id.as_str(), "origin.refused", (code, origin))
    }

    /// The same of a page that asked whether it may send a key to back ends' own addresses, which are no agent's.
    pub fn remember_key(&self, workspace: &WorkspaceId, code: &'static str, origin: Option<String>) -> bool {
        self.keep(workspace, workspace.as_str(), "key.refused", (code, origin))
    }

    fn keep(
        &self,
        workspace: &WorkspaceId,
        subject: &str,
        action: &str,
        (code, origin): (&'static str, Option<String>),
    ) -> bool {
        let origin: String = origin.unwrap_or_default().chars().take(ORIGIN_CHARS).collect();
        let at = (self.now)();
        {
            let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
            let day = at.day();
            if today.day != day {
                *today = Today {
                    day,
                    ..Today::default()
                };
            }
            let count = today.counts.get(subject).copied().unwrap_or(0);
            if count >= MOST_PER_DAY || !today.seen.insert((subject.to_owned(), code, origin.clone())) {
                return false;
            }
            today.counts.insert(subject.to_owned(), count + 1);
        }
        let entry = AuditEntry {
            workspace: workspace.clone(),
            at,
            actor: "visitor".to_owned(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: json!({ "origin": origin, "code": code }),
        };
        // A full queue means a flood of refusals: losing some of a sample is right.
        self.queue.try_send(entry).is_ok()
    }
}
