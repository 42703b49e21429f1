//! Reads server-sent events of an answer, as a browser would.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

/// How long a test waits for an event that must come.
const PATIENCE: Duration = Duration::from_secs(15);

/// One event.
#[derive(Clone, Debug)]
pub struct SseEvent {
    /// The number of its `id:`, if any.
    pub seq: Option<u64>,
    /// The name of its `event:`, if any.
    pub name: Option<String>,
    /// Its data.
    pub data: Value,
}

impl SseEvent {
    /// The AG-UI type.
    pub fn kind(&self) -> &str {
        self.data["type"].as_str().unwrap_or_default()
    }
}

/// Reads events from a streaming answer.
pub struct EventReader {
    response: Response,
    buffer: Vec<u8>,
}

impl EventReader {
    /// Reads this answer.
    pub fn new(response: Response) -> Self {
        Self {
            response,
            buffer: Vec::new(),
        }
    }

    /// The next event; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<SseEvent> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(event) = parse(std::str::from_utf8(&block).unwrap()) {
                    return Some(event);
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk())
                .await
                .expect("an event in time");
            self.buffer.extend_from_slice(&chunk.ok()??);
        }
    }

    /// Everything until the turn is over, told live or by the snapshot of one that ended before.
    pub async fn until_end(&mut self) -> Vec<SseEvent> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            let data = &event.data;
            let ended = data["name"] == "run.snapshot" && data["value"]["status"] != "running";
            let last = ended || matches!(event.kind(), "RUN_FINISHED" | "RUN_ERROR");
            events.push(event);
            if last {
                return events;
            }
        }
        panic!("the stream ended before its turn: {events:#?}");
    }

    /// Everything up to and with the first event of this type.
    pub async fn until(&mut self, kind: &str) -> Vec<SseEvent> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            let last = event.kind() == kind;
            events.push(event);
            if last {
                return events;
            }
        }
        panic!("the stream ended before {kind}: {events:#?}");
    }
}

fn parse(block: &str) -> Option<SseEvent> {
    let field = |name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(|value| value.trim_start_matches(' ').to_owned())
    };
    let data = serde_json::from_str(&field("data:")?).unwrap();
    Some(SseEvent {
        seq: field("id:").map(|id| id.parse().unwrap()),
        name: field("event:"),
        data,
    })
}

/// The text that a reader shows after these events, by message: what snapshots replace and deltas append.
pub fn shown_text(events: &[SseEvent]) -> std::collections::BTreeMap<String, String> {
    let mut shown = std::collections::BTreeMap::new();
    for event in events {
        let data = &event.data;
        let id = |value: &Value| value["messageId"].as_str().unwrap_or_default().to_owned();
        match event.kind() {
            "TEXT_MESSAGE_START" => {
                shown.insert(id(data), String::new());
            }
            "TEXT_MESSAGE_CONTENT" => {
                shown
                    .entry(id(data))
                    .or_default()
                    .push_str(data["delta"].as_str().unwrap());
            }
            "CUSTOM" if data["name"] == "message.snapshot" => {
                let value = &data["value"];
                shown.insert(id(value), value["content"].as_str().unwrap().to_owned());
            }
            _ => {}
        }
    }
    shown
}
