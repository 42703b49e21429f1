//! Streams as a client reads them: what comes first and last, and that everything that opens closes.

#![allow(clippy::unwrap_used)]

use atthene_protocol::event::Audience;
use serde_json::json;

use super::*;
use crate::model::event::NumberedEvent;
use crate::model::time::Timestamp;

const OWN: &str = "run_own";

fn names() -> Names {
    Names {
        thread_id: "thread".to_owned(),
        run_id: "client-run".to_owned(),
        session: SessionId("sess_1".to_owned()),
        turn: RunId(OWN.to_owned()),
        asked_ms: 1,
    }
}

fn frame(seq: u64, event: Event) -> Frame {
    Frame {
        seq: Some(seq),
        json: NumberedEvent::new(seq, Audience::Visitor, event),
    }
}

fn answer() -> MessageId {
    MessageId("msg_answer".to_owned())
}

fn started(run: &str) -> Event {
    Event::RunStarted {
        thread_id: SessionId("sess_1".to_owned()),
        run_id: RunId(run.to_owned()),
        protocol_version: None,
    }
}

fn ended(run: &str, outcome: Outcome) -> Event {
    Event::RunFinished {
        thread_id: SessionId("sess_1".to_owned()),
        run_id: RunId(run.to_owned()),
        outcome,
    }
}

fn begun() -> Event {
    Event::TextMessageStart {
        message_id: answer(),
        role: Role::Assistant,
    }
}

fn text(delta: &str) -> Event {
    Event::TextMessageContent {
        message_id: answer(),
        delta: delta.to_owned(),
    }
}

fn snapshot(role: &str, run: &str, content: &str) -> Event {
    Event::Custom {
        name: MESSAGE_SNAPSHOT.to_owned(),
        value: json!({ "messageId": "msg_answer", "role": role, "runId": run, "content": content, "status": "running" }),
    }
}

fn run_snapshot(status: &str) -> Event {
    Event::Custom {
        name: RUN_SNAPSHOT.to_owned(),
        value: json!({ "runId": OWN, "status": status }),
    }
}

fn finished(content: &str, status: Status, failure: Option<(&str, &str)>) -> Finished {
    Finished {
        run_id: RunId(OWN.to_owned()),
        answer_id: answer(),
        content: content.to_owned(),
        status,
        interrupt: None,
        failure: failure.map(|(code, sentence)| (code.to_owned(), sentence.to_owned())),
        input_tokens: None,
        output_tokens: None,
        started_at: Timestamp(0),
        finished_at: Timestamp(0),
        correlation_id: None,
        events: Vec::new(),
    }
}

/// The events with their numbers.
fn read(bytes: &str) -> Vec<(Option<u64>, Value)> {
    let events = bytes.split("\n\n").filter(|event| !event.is_empty());
    let read = events.map(|event| {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        let seq = field("id: ").map(|seq| seq.parse().unwrap());
        (seq, serde_json::from_str(field("data: ").unwrap()).unwrap())
    });
    read.collect()
}

/// What a translator makes of these events.
fn told(translator: &mut Translator, events: &[Event]) -> Vec<(Option<u64>, Value)> {
    let written: Vec<Bytes> = events
        .iter()
        .zip(1..)
        .filter_map(|(event, seq)| translator.frame(&frame(seq, event.clone())))
        .collect();
    read(std::str::from_utf8(&written.concat()).unwrap())
}

fn kinds(told: &[(Option<u64>, Value)]) -> Vec<&str> {
    told.iter().map(|(_, event)| event["type"].as_str().unwrap()).collect()
}

fn text_told(told: &[(Option<u64>, Value)]) -> String {
    told.iter().filter_map(|(_, event)| event["delta"].as_str()).collect()
}

#[test]
fn a_run_begins_with_its_start_and_keeps_the_numbers() {
    let mut translator = Translator::new(names());
    let events = [
        snapshot("user", OWN, "Hello?"),
        started("run_other"),
        text("of another run"),
        started(OWN),
        begun(),
        text("Hel"),
        text("lo"),
        Event::TextMessageEnd { message_id: answer() },
        ended(OWN, Outcome::Success),
    ];
    let told = told(&mut translator, &events);
    assert_eq!(
        kinds(&told),
        [
            "RUN_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED"
        ]
    );
    let numbers: Vec<_> = told.iter().map(|(seq, _)| seq.unwrap()).collect();
    assert_eq!(numbers, [4, 5, 6, 7, 8, 9]);
    assert_eq!(text_told(&told), "Hello");
    for (_, event) in [&told[0], &told[5]] {
        assert_eq!(
            (&event["threadId"], &event["runId"]),
            (&json!("thread"), &json!("client-run"))
        );
    }
    assert_eq!(told[0].1["protocolVersion"], "1.0");
    assert_eq!(told[0].1["metadata"], json!({ "sessionId": "sess_1", "runId": OWN }));
    assert_eq!(told[5].1["outcome"], json!({ "type": "success" }));
    assert!(
        translator
            .finish(&finished("Hello", Status::Completed, None))
            .is_empty(),
        "it is told once"
    );
}

#[test]
fn a_run_that_is_cut_off_closes_what_is_open() {
    let step = || Event::StepStarted {
        step_name: "Searching".to_owned(),
    };
    let mut translator = Translator::new(names());
    let events = [
        started(OWN),
        step(),
        step(),
        begun(),
        text("So far"),
        ended(OWN, Outcome::Cancelled),
    ];
    let told = told(&mut translator, &events);
    assert_eq!(
        kinds(&told)[1..],
        [
            "STEP_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "STEP_FINISHED",
            "RUN_FINISHED"
        ]
    );
    assert_eq!(told.last().unwrap().1["outcome"], json!({ "type": "cancelled" }));
}

#[test]
fn what_a_snapshot_tells_goes_on_where_the_text_was() {
    let mut translator = Translator::new(names());
    let events = [
        started(OWN),
        begun(),
        text("Grüß"),
        snapshot("assistant", "run_other", "Nothing of ours"),
        snapshot("assistant", OWN, "Grüße aus"),
        run_snapshot("running"),
        text(" Köln"),
        ended(OWN, Outcome::Success),
    ];
    let told = told(&mut translator, &events);
    assert_eq!(text_told(&told), "Grüße aus Köln");
    let starts = kinds(&told)
        .iter()
        .filter(|kind| **kind == "TEXT_MESSAGE_START")
        .count();
    assert_eq!((starts, kinds(&told)[0]), (1, "RUN_STARTED"));
}

#[test]
fn a_client_that_comes_back_is_told_what_it_lacks() {
    for (known, more) in [
        ("", "Hello there"),
        ("Hello", " there"),
        ("Good", "Hello there"),
        ("Hello there", ""),
    ] {
        let mut translator = Translator::new(names()).knowing(known);
        let begin = [
            snapshot("user", OWN, "Hi"),
            snapshot("assistant", OWN, "Hello there"),
            run_snapshot("running"),
        ];
        let first = told(&mut translator, &begin);
        assert_eq!(
            (kinds(&first)[0], text_told(&first).as_str()),
            ("RUN_STARTED", more),
            "{known}"
        );
        let rest = told(&mut translator, &[text("!"), ended(OWN, Outcome::Success)]);
        assert_eq!(text_told(&rest), "!", "{known}");
        let all = [kinds(&first), kinds(&rest)].concat();
        let count = |kind: &str| all.iter().filter(|one| **one == kind).count();
        assert_eq!(
            (count("TEXT_MESSAGE_START"), count("TEXT_MESSAGE_END")),
            (1, 1),
            "{known}"
        );
    }
}

#[test]
fn a_turn_that_is_over_is_told_from_what_is_kept() {
    for (status, failure, last, outcome) in [
        (Status::Completed, None, "RUN_FINISHED", json!({ "type": "success" })),
        (Status::Stopped, None, "RUN_FINISHED", json!({ "type": "cancelled" })),
        (
            Status::Error,
            Some(("model_timeout", "Too long.")),
            "RUN_ERROR",
            Value::Null,
        ),
    ] {
        let mut translator = Translator::new(names());
        let bytes = translator.finish(&finished("Hello", status, failure));
        let told = read(std::str::from_utf8(&bytes).unwrap());
        assert_eq!((kinds(&told)[0], text_told(&told).as_str()), ("RUN_STARTED", "Hello"));
        let (_, end) = told.last().unwrap();
        assert_eq!((&end["type"], &end["outcome"]), (&json!(last), &outcome));
    }
    let mut translator = Translator::new(names());
    told(&mut translator, &[started(OWN), begun(), text("Hel")]);
    let bytes = translator.finish(&finished("Hello", Status::Completed, None));
    let rest = read(std::str::from_utf8(&bytes).unwrap());
    assert_eq!(
        kinds(&rest),
        ["TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"]
    );
    assert_eq!(text_told(&rest), "lo");
}

#[test]
fn nothing_comes_after_an_error_and_a_cut_is_one() {
    let mut translator = Translator::new(names());
    let error = Event::RunError {
        message: "Too long.".to_owned(),
        code: "model_timeout".to_owned(),
    };
    let told = told(
        &mut translator,
        &[started(OWN), error, text("late"), ended(OWN, Outcome::Success)],
    );
    assert_eq!(kinds(&told), ["RUN_STARTED", "RUN_ERROR"]);
    let codes = [4401, 4403, 1013, 1012].map(|code| {
        let told = read(std::str::from_utf8(&cut("closed", code, 500)).unwrap());
        assert_eq!(kinds(&told), ["RUN_ERROR"]);
        told[0].1["code"].as_str().unwrap().to_owned()
    });
    assert_eq!(codes, ["token_expired", "access_withdrawn", "too_slow", "reconnect"]);
    let nothing = Translator::new(names()).cancelled();
    assert_eq!(
        kinds(&read(std::str::from_utf8(&nothing).unwrap())),
        ["RUN_STARTED", "RUN_FINISHED"]
    );
}
