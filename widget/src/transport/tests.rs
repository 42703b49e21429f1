//! The stream cut anywhere, and the decoder on what may come.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use atthene_protocol::event::Status;

use super::backoff::delay_ms;
use super::decode::{Json, event, frame, session};
use super::sse::{Frame, Parser};
use crate::chat::{Call, Event, Failure, Question};

fn frames(pieces: &[&str]) -> Vec<Frame> {
    let (mut parser, mut frames) = (Parser::default(), Vec::new());
    for piece in pieces {
        parser.push(piece, &mut frames);
    }
    frames
}

#[test]
fn a_stream_cut_at_any_place_gives_the_same_events() {
    for stream in [
        "id: 1\ndata: {\"a\":1}\n\n: ping\n\nid: 2\nevent: closed\ndata: one\ndata: two ü\n\n",
        "id: 1\r\ndata: {\"a\":1}\r\n\r\n: ping\r\n\r\nid: 2\r\nevent: closed\r\ndata: one\r\ndata: two ü\r\n\r\n",
        "id: 1\rdata: {\"a\":1}\r\r: ping\r\rid: 2\revent: closed\rdata: one\rdata: two ü\r\r",
    ] {
        let whole = frames(&[stream]);
        assert_eq!(whole.len(), 2);
        assert_eq!(
            whole[1],
            Frame {
                id: "2".into(),
                event: "closed".into(),
                data: "one\ntwo ü".into()
            }
        );
        for at in (0..stream.len()).filter(|at| stream.is_char_boundary(*at)) {
            let (start, end) = stream.split_at(at);
            assert_eq!(frames(&[start, end]), whole, "cut at {at}");
        }
        let single: Vec<String> = stream.chars().map(String::from).collect();
        assert_eq!(frames(&single.iter().map(String::as_str).collect::<Vec<_>>()), whole);
    }
}

#[test]
fn an_event_without_data_is_none() {
    assert_eq!(
        frames(&["id: 4\n\nretry: 10\n\ndata\n\n"]),
        [Frame {
            data: String::new(),
            ..Frame::default()
        }]
    );
}

#[test]
fn the_wait_grows_and_never_passes_the_cap() {
    for attempt in 0..40 {
        assert!(delay_ms(attempt, 0.0) >= 250.0);
        assert!(delay_ms(attempt, 0.999) <= 30_000.0);
    }
    assert!(delay_ms(4, 0.9) > delay_ms(1, 0.9));
}

impl Json for serde_json::Value {
    fn field(&self, name: &str) -> Option<Self> {
        self.get(name).filter(|v| !v.is_null()).cloned()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(String::from)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn time(&self) -> Option<f64> {
        self.as_str().map(|text| text.len() as f64)
    }

    fn items(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }
}

fn decoded(json: serde_json::Value) -> Option<Event> {
    event(&json)
}

#[test]
fn the_decoder_agrees_with_the_types_on_the_wire() {
    use atthene_protocol::event as wire;
    let of = |event: wire::Event| decoded(serde_json::to_value(event).unwrap());
    let (run, message) = (
        serde_json::from_value::<atthene_protocol::ids::RunId>(serde_json::json!("run_1")),
        serde_json::json!("msg_1"),
    );
    let message: atthene_protocol::ids::MessageId = serde_json::from_value(message).unwrap();
    let thread: atthene_protocol::ids::SessionId = serde_json::from_value(serde_json::json!("ses_1")).unwrap();
    let run = run.unwrap();
    let finished = |outcome| wire::Event::RunFinished {
        thread_id: thread.clone(),
        run_id: run.clone(),
        outcome,
    };
    assert_eq!(
        of(finished(wire::Outcome::Success)),
        Some(Event::RunTold("run_1".into(), Status::Completed))
    );
    assert_eq!(
        of(finished(wire::Outcome::Cancelled)),
        Some(Event::RunTold("run_1".into(), Status::Stopped))
    );
    assert_eq!(
        of(wire::Event::TextMessageStart {
            message_id: message.clone(),
            role: wire::Role::Assistant
        }),
        Some(Event::AnswerBegan("msg_1".into()))
    );
    let content = wire::Event::TextMessageContent {
        message_id: message.clone(),
        delta: "é".into(),
    };
    assert_eq!(of(content), Some(Event::AnswerGrew("msg_1".into(), "é".into())));
    assert_eq!(
        of(wire::Event::RunError {
            message: "No.".into(),
            code: "c".into()
        }),
        Some(Event::RunFailed("No.".into(), "c".into()))
    );
    assert_eq!(of(wire::Event::TextMessageEnd { message_id: message }), None);
    assert_eq!(
        of(wire::Event::StepStarted {
            step_name: "Search".into()
        }),
        Some(Event::StepTold("Search".into(), false))
    );
    assert_eq!(
        of(wire::Event::StepFinished {
            step_name: "Search".into()
        }),
        Some(Event::StepTold("Search".into(), true))
    );
}

#[test]
fn snapshots_are_read_whole() {
    let value = serde_json::json!({"messageId":"msg_1","role":"user","content":"Hi","status":"completed","clientId":"a","runId":"run_1","timestamp":"t"});
    let Some(Event::MessageTold(seen)) =
        decoded(serde_json::json!({"type":"CUSTOM","name":"message.snapshot","value":value}))
    else {
        panic!("not a message")
    };
    assert_eq!(
        (&*seen.id, &*seen.client_id, &*seen.run_id, &*seen.content),
        ("msg_1", "a", "run_1", "Hi")
    );
    let run = decoded(
        serde_json::json!({"type":"CUSTOM","name":"run.snapshot","value":{"runId":"run_1","status":"interrupted"}}),
    );
    assert_eq!(run, Some(Event::RunTold("run_1".into(), Status::Interrupted)));
}

fn question() -> Question {
    Question {
        id: "int_1".into(),
        message: "Which size?".into(),
        choices: vec!["Small".into(), "Large".into()],
    }
}

fn interrupt() -> serde_json::Value {
    serde_json::json!({"id":"int_1","reason":"input_required","message":"Which size?",
        "responseSchema":{"type":"string"},"metadata":{"choices":["Small","Large"]}})
}

#[test]
fn a_question_is_read_wherever_it_is_told() {
    let asked = Some(Event::Asked("run_1".into(), question()));
    let finished = serde_json::json!({"type":"RUN_FINISHED","threadId":"s","runId":"run_1",
        "outcome":{"type":"interrupt","interrupts":[interrupt()]}});
    assert_eq!(decoded(finished), asked);
    let snapshot = serde_json::json!({"type":"CUSTOM","name":"run.snapshot",
        "value":{"runId":"run_1","status":"waiting","interrupt":interrupt()}});
    assert_eq!(decoded(snapshot), asked);
    let started = session(&serde_json::json!({"session_id":"s","messages":[],
        "run":{"run_id":"run_1","status":"waiting","interrupt":interrupt()},"last_seq":3}))
    .unwrap();
    assert_eq!((&*started.run_id, started.question), ("run_1", Some(question())));
    let plain = serde_json::json!({"type":"RUN_FINISHED","runId":"run_1",
        "outcome":{"type":"interrupt","interrupts":[{"id":"int_1","reason":"input_required"}]}});
    let Some(Event::Asked(_, bare)) = decoded(plain) else {
        panic!("not a question")
    };
    assert_eq!((&*bare.message, bare.choices.len()), ("", 0));
}

#[test]
fn the_frames_of_the_socket_say_what_the_stream_says() {
    let of = |json: serde_json::Value| frame(&json);
    let said = |client_id: &str| Call::Post {
        client_id: client_id.into(),
        content: String::new(),
        answers: String::new(),
    };
    assert_eq!(
        of(serde_json::json!({"type":"session.ready","session_id":"s","last_seq":4})),
        Some(Event::Listening)
    );
    let delta = serde_json::json!({"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":"é"});
    assert_eq!(
        of(serde_json::json!({"type":"event","seq":5,"event":delta})),
        decoded(delta)
    );
    assert_eq!(
        of(serde_json::json!({"type":"ack","client_id":"a","message_id":"m","run_id":"r","seq":6})),
        Some(Event::Posted {
            client_id: "a".into(),
            message_id: "m".into(),
            run_id: "r".into()
        })
    );
    assert_eq!(
        of(serde_json::json!({"type":"token","token":"t","expires_at":"20"})),
        Some(Event::Renewed(2.0))
    );
    assert_eq!(
        of(serde_json::json!({"type":"reconnect","after_ms":500})),
        Some(Event::Ended(1012, 500.0))
    );
    for (kind, failure) in [
        ("authentication_error", Failure::Token),
        ("conflict_error", Failure::Busy),
        ("not_found_error", Failure::Gone),
        ("rate_limit_error", Failure::Pause(700.0)),
        ("internal_error", Failure::Server),
        ("invalid_request_error", Failure::Refused),
    ] {
        let json =
            serde_json::json!({"type":"error","client_id":"a","error":{"type":kind,"code":"c","retry_after_ms":700}});
        assert_eq!(of(json), Some(Event::Failed(said("a"), failure)), "{kind}");
    }
    for nothing in [
        serde_json::json!({"type":"pong"}),
        serde_json::json!({"type":"event","seq":5}),
        serde_json::json!({"type":"error"}),
        serde_json::json!({"type":"later"}),
        serde_json::json!(null),
    ] {
        assert_eq!(of(nothing.clone()), None, "{nothing}");
    }
}

#[test]
fn frames_of_the_wrong_type_are_passed_over() {
    for json in [
        serde_json::json!(null),
        serde_json::json!(7),
        serde_json::json!([]),
        serde_json::json!({"type":7}),
        serde_json::json!({"type":"TEXT_MESSAGE_CONTENT","messageId":{},"delta":[]}),
        serde_json::json!({"type":"CUSTOM","name":"message.snapshot","value":"x"}),
        serde_json::json!({"type":"CUSTOM","name":"message.snapshot","value":{"messageId":"m","role":"pope","status":"running"}}),
        serde_json::json!({"type":"CUSTOM","name":"run.snapshot","value":{"status":4}}),
        serde_json::json!({"type":"SOMETHING_NEW"}),
    ] {
        assert_eq!(decoded(json.clone()), None, "{json}");
    }
    assert_eq!(session(&serde_json::json!({"session_id":"s"})), None);
    let started =
        session(&serde_json::json!({"session_id":"s","messages":[4,{"id":"m"}],"run":7,"last_seq":"x"})).unwrap();
    assert_eq!((started.messages.len(), &*started.run_id, started.last_seq), (0, "", 0));
}

/// What servers of the past have sent (`tests/fixtures/wire`), which the types of `protocol` are held to as well.
fn frozen(text: &str) -> Vec<serde_json::Value> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_frozen_event_is_understood_or_passed_over_on_purpose() {
    let frames = frozen(include_str!("../../../tests/fixtures/wire/events.json"));
    let mut told = 0;
    for frame in &frames {
        let kind = frame["type"].as_str().unwrap();
        let is_passed_over = kind == "TEXT_MESSAGE_END" || kind.starts_with("TOOL_CALL_");
        let seen = decoded(frame.clone());
        assert_eq!(seen.is_none(), is_passed_over, "{frame}");
        let value = &frame["value"];
        match seen {
            Some(Event::MessageTold(seen)) => {
                assert_eq!(seen.id, value["messageId"].as_str().unwrap());
                assert_eq!(seen.status.as_str(), value["status"].as_str().unwrap());
                assert_eq!(seen.client_id, value["clientId"].as_str().unwrap_or_default());
                told += 1;
            }
            Some(Event::RunTold(id, status)) if kind == "CUSTOM" => {
                assert_eq!((&*id, status.as_str()), ("run_0192", value["status"].as_str().unwrap()));
                told += 1;
            }
            Some(Event::Asked(id, question)) if kind == "CUSTOM" => {
                assert_eq!(
                    (&*id, &*question.id),
                    ("run_0192", value["interrupt"]["id"].as_str().unwrap())
                );
                told += 1;
            }
            Some(Event::AnswerGrew(_, delta)) => assert_eq!(delta, frame["delta"].as_str().unwrap()),
            _ => {}
        }
    }
    assert_eq!(told, 12);
}

#[test]
fn every_frozen_start_of_a_session_is_understood() {
    for frame in frozen(include_str!("../../../tests/fixtures/wire/session_started.json")) {
        let seen = session(&frame).unwrap();
        assert_eq!(seen.session_id, frame["session_id"].as_str().unwrap());
        assert_eq!(seen.last_seq, frame["last_seq"].as_u64().unwrap());
        assert_eq!(seen.messages.len(), frame["messages"].as_array().unwrap().len());
        let is_running = frame["run"]["status"] == "running";
        assert_eq!(seen.run_id.is_empty(), !is_running, "{frame}");
    }
}
