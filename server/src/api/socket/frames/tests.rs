//! Frames that are no frames are answered with what is right.

use atthene_protocol::event::{Audience, Event};
use atthene_protocol::ids::MessageId;
use atthene_protocol::socket::{ClientFrame, ServerFrame, SessionStart};

use super::{read, write_event};
use crate::domain::conversation::Frame;
use crate::model::event::NumberedEvent;

#[test]
fn what_is_no_frame_says_what_is_right() {
    for (text, code, words) in [
        ("", "malformed_json", "JSON"),
        ("{", "malformed_json", "JSON"),
        ("null", "wrong_type", "session.start"),
        ("[\"ping\"]", "wrong_type", "message.send"),
        ("{}", "wrong_type", "input.answer"),
        ("{\"type\": 7}", "unknown_frame", "run.retry"),
        ("{\"type\": \"PING\"}", "unknown_frame", "ping"),
        (
            "{\"type\": \"message.send\", \"client_id\": \"c\"}",
            "wrong_type",
            "content",
        ),
        ("{\"type\": \"session.start\", \"after\": -1}", "wrong_type", "u64"),
    ] {
        let refused = read(text).err().unwrap();
        assert_eq!(refused.failure.code, code, "{text}");
        assert!(
            refused.failure.message.contains(words),
            "{text}: {}",
            refused.failure.message
        );
        assert_eq!(refused.client_id.as_deref(), text.contains("client_id").then_some("c"));
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&deep).err().unwrap().failure.code, "malformed_json");
}

#[test]
fn fields_of_a_newer_client_are_passed_over() {
    let ping = read("{\"type\": \"ping\", \"later\": [1], \"client_id\": \"c\"}").ok();
    assert_eq!(ping, Some((ClientFrame::Ping, Some("c".to_owned()))));
    let start = read("{\"later\": {}, \"type\": \"session.start\", \"token\": \"t\"}").ok();
    let wanted = SessionStart {
        token: Some("t".to_owned()),
        ..SessionStart::default()
    };
    assert_eq!(start, Some((ClientFrame::SessionStart(wanted), None)));
}

#[test]
fn an_event_is_written_as_its_type_reads_it() {
    for seq in [None, Some(u64::MAX)] {
        let event = Event::TextMessageContent {
            message_id: MessageId("msg_1".to_owned()),
            delta: "\"quoted\" \\ ü🙂".to_owned(),
        };
        let frame = Frame {
            seq,
            json: NumberedEvent::new(7, Audience::Visitor, event.clone()),
        };
        let read: ServerFrame = serde_json::from_str(&write_event(&frame)).unwrap();
        assert_eq!(read, ServerFrame::Event { seq, event });
    }
}
