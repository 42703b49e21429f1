//! Frozen frames of the past (`tests/fixtures/wire`): every type still reads them and writes the same again. The widget
//! reads the same files with its own decoder, in `widget/src/transport/tests.rs`.

use std::collections::BTreeSet;
use std::path::Path;

use atthene_protocol::event::Event;
use atthene_protocol::problem::Problem;
use atthene_protocol::socket::{ClientFrame, ServerFrame};
use atthene_protocol::visitor::{
    Accepted, History, MessageFeedback, RenewToken, SendMessage, SessionStarted, StartSession, TokenRenewed,
};
use atthene_protocol::widget::WidgetSettings;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads every line as `T`, writes it again, and compares.
fn hold<T: Serialize + DeserializeOwned>(text: &str) -> usize {
    let frames: Vec<Value> = serde_json::from_str(text).unwrap();
    for frame in &frames {
        let read: T = serde_json::from_value(frame.clone()).unwrap_or_else(|error| panic!("{error}: {frame}"));
        assert_eq!(&serde_json::to_value(&read).unwrap(), frame);
    }
    frames.len()
}

/// Reads a file's text and tells how many frames it holds.
type Hold = fn(&str) -> usize;

/// Each file and what reads it; the folder holds no other.
const FILES: [(&str, Hold); 13] = [
    ("accepted.json", hold::<Accepted>),
    ("events.json", hold::<Event>),
    ("history.json", hold::<History>),
    ("message_feedback.json", hold::<MessageFeedback>),
    ("problem.json", hold::<Problem>),
    ("renew_token.json", hold::<RenewToken>),
    ("send_message.json", hold::<SendMessage>),
    ("session_started.json", hold::<SessionStarted>),
    ("socket_client.json", hold::<ClientFrame>),
    ("socket_server.json", hold::<ServerFrame>),
    ("start_session.json", hold::<StartSession>),
    ("token_renewed.json", hold::<TokenRenewed>),
    ("widget_settings.json", hold::<WidgetSettings>),
];

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/wire"))
}

#[test]
fn every_frozen_frame_is_read_and_written_the_same() {
    for (name, hold) in FILES {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        assert!(hold(&text) > 0, "{name} is empty");
    }
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    let known: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, known);
}

/// A new event makes this fail to compile; it then needs frozen frames too.
fn word(event: &Event) -> &'static str {
    match event {
        Event::RunStarted { .. } => "RUN_STARTED",
        Event::TextMessageStart { .. } => "TEXT_MESSAGE_START",
        Event::TextMessageContent { .. } => "TEXT_MESSAGE_CONTENT",
        Event::TextMessageEnd { .. } => "TEXT_MESSAGE_END",
        Event::StepStarted { .. } => "STEP_STARTED",
        Event::StepFinished { .. } => "STEP_FINISHED",
        Event::ToolCallStart { .. } => "TOOL_CALL_START",
        Event::ToolCallArgs { .. } => "TOOL_CALL_ARGS",
        Event::ToolCallEnd { .. } => "TOOL_CALL_END",
        Event::ToolCallResult { .. } => "TOOL_CALL_RESULT",
        Event::Custom { .. } => "CUSTOM",
        Event::RunFinished { .. } => "RUN_FINISHED",
        Event::RunError { .. } => "RUN_ERROR",
    }
}

#[test]
fn every_kind_of_event_is_frozen_under_its_own_word() {
    let text = std::fs::read_to_string(folder().join("events.json")).unwrap();
    let frames: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut seen = BTreeSet::new();
    for frame in frames {
        let event: Event = serde_json::from_value(frame.clone()).unwrap();
        assert_eq!(frame["type"], word(&event));
        seen.insert(word(&event));
    }
    assert_eq!(seen.len(), 13, "{seen:?}");
}

#[test]
fn fields_of_a_newer_page_are_passed_over() {
    let start: StartSession =
        serde_json::from_value(json!({ "new": true, "user": { "id": 7 }, "page": { "x": 1 } })).unwrap();
    assert!(start.new);
    let send: SendMessage =
        serde_json::from_value(json!({ "client_id": "c", "content": "x", "inputs": {}, "later": [1] })).unwrap();
    assert_eq!(send.content, "x");
}
