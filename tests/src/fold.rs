//! What a page shows after the events of a session, and whether their numbers did what they promise. Written from the
//! contract alone, so that it can judge the server.

use serde_json::Value;

use crate::sse::SseEvent;

/// A message as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownMessage {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub role: String,
    /// Its text.
    pub content: String,
    /// Its state.
    pub status: String,
}

/// A page that takes in events.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// In the order in which they came.
    pub messages: Vec<ShownMessage>,
    /// The run and its state, as far as it was told.
    pub run: Option<(String, String)>,
    /// The last number.
    pub last_seq: u64,
    /// What the stream did that it must not.
    pub faults: Vec<String>,
}

impl Shown {
    /// Takes in one event.
    pub fn take_in(&mut self, event: &SseEvent) {
        if event.name.is_some() {
            return;
        }
        let data = &event.data;
        let is_snapshot = event.kind() == "CUSTOM";
        self.count(event.seq, is_snapshot);
        match event.kind() {
            "RUN_STARTED" => self.run = Some((text(data, "runId"), "running".to_owned())),
            "TEXT_MESSAGE_START" => {
                let message = self.message(&text(data, "messageId"));
                (message.role, message.status) = ("assistant".to_owned(), "running".to_owned());
                message.content.clear();
            }
            "TEXT_MESSAGE_CONTENT" => {
                let id = text(data, "messageId");
                if self.messages.iter().all(|message| message.id != id) {
                    self.faults.push(format!("text for {id}, which has not begun"));
                }
                self.message(&id).content.push_str(&text(data, "delta"));
            }
            "RUN_FINISHED" => self.end(match data["outcome"]["type"].as_str() {
                Some("cancelled") => "stopped",
                Some("interrupt") => "waiting",
                _ => "completed",
            }),
            "RUN_ERROR" => {
                let is_interrupted = data["code"] == "interrupted";
                self.end(if is_interrupted { "interrupted" } else { "error" });
            }
            "CUSTOM" if data["name"] == "message.snapshot" => {
                let value = &data["value"];
                let message = self.message(&text(value, "messageId"));
                message.role = text(value, "role");
                message.content = text(value, "content");
                message.status = text(value, "status");
            }
            "CUSTOM" if data["name"] == "run.snapshot" => {
                let value = &data["value"];
                self.run = Some((text(value, "runId"), text(value, "status")));
            }
            _ => {}
        }
    }

    /// Whether the turn that was told last is over.
    pub fn is_over(&self) -> bool {
        self.run.as_ref().is_some_and(|(_, status)| status != "running")
    }

    /// The latest message.
    pub fn last(&self) -> Option<&ShownMessage> {
        self.messages.last()
    }

    /// A snapshot may bear the number that was the last before; what is live is always new.
    fn count(&mut self, seq: Option<u64>, is_snapshot: bool) {
        let Some(seq) = seq else { return };
        if seq < self.last_seq || (seq == self.last_seq && !is_snapshot) {
            self.faults.push(format!("number {seq} came after {}", self.last_seq));
        }
        self.last_seq = self.last_seq.max(seq);
    }

    fn end(&mut self, status: &str) {
        if let Some((_, state)) = &mut self.run {
            status.clone_into(state);
        }
        let running = self.messages.iter_mut().filter(|message| message.status == "running");
        for message in running {
            status.clone_into(&mut message.status);
        }
    }

    fn message(&mut self, id: &str) -> &mut ShownMessage {
        let at = self.messages.iter().position(|message| message.id == id);
        let at = at.unwrap_or_else(|| {
            self.messages.push(ShownMessage {
                id: id.to_owned(),
                ..ShownMessage::default()
            });
            self.messages.len() - 1
        });
        &mut self.messages[at]
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
