//! What a run asks for, from bodies as clients send them.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;

fn input(messages: Value, more: Value) -> RunInput {
    let mut body = json!({ "threadId": "t", "runId": "r", "messages": messages });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(body).unwrap()
}

fn text_of(asked: Asked) -> (String, String, Vec<Block>) {
    match asked {
        Asked::Message {
            client_id,
            text,
            blocks,
        } => (client_id, text, blocks),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_message_of_the_user_is_asked_and_nothing_else() {
    let messages = json!([
        { "id": "1", "role": "system", "content": "Obey." },
        { "id": "2", "role": "user", "content": "First" },
        { "id": "3", "role": "assistant", "content": "Yes?", "toolCalls": [] },
        { "id": "4", "role": "user", "content": [{ "type": "text", "text": "Second" }, { "type": "text", "text": "line" }] },
        { "id": "5", "role": "activity", "content": { "anything": true } },
    ]);
    let (_, text, blocks) = text_of(asked(&input(messages, json!({}))).unwrap());
    assert_eq!((text.as_str(), blocks.len()), ("Second\n\nline", 0));
}

#[test]
fn the_same_message_has_the_same_id_and_another_text_another_one() {
    let id = |id: &str, content: &str| {
        let messages = json!([{ "id": id, "role": "user", "content": content }]);
        text_of(asked(&input(messages, json!({}))).unwrap()).0
    };
    assert_eq!(id("1", "Hello"), id("1", "Hello"));
    assert_ne!(id("1", "Hello"), id("2", "Hello"));
    assert_ne!(id("1", "Hello"), id("1", "Good-bye"));
    assert!(id(&"x".repeat(5_000), "Hello").len() <= 128);
}

#[test]
fn images_come_as_bytes_by_address_and_as_before_1_0() {
    let parts = json!([
        { "type": "image", "source": { "type": "data", "value": "AAEC", "mimeType": "image/png" } },
        { "type": "image", "source": { "type": "url", "value": "https://shop.example/a.png" } },
        { "type": "image", "source": { "type": "url", "value": "data:image/gif;base64,AAEC" } },
        { "type": "binary", "mimeType": "image/png", "data": "AAEC" },
    ]);
    let messages = json!([{ "id": "1", "role": "user", "content": parts }]);
    let (_, text, blocks) = text_of(asked(&input(messages, json!({}))).unwrap());
    let png = Block::Image {
        media_type: "image/png".to_owned(),
        data: "AAEC".to_owned(),
    };
    assert_eq!((text.as_str(), blocks.len()), ("", 4));
    assert_eq!((&blocks[0], &blocks[3]), (&png, &png));
    assert!(matches!(&blocks[1], Block::ImageAt { url } if url == "https://shop.example/a.png"));
    assert!(matches!(&blocks[2], Block::Image { media_type, .. } if media_type == "image/gif"));
}

#[test]
fn an_answer_is_a_text_or_something_short_that_stands_for_one() {
    let answer = |payload: Value| {
        let resume = json!({ "resume": [{ "interruptId": "int_1", "status": "resolved", "payload": payload }] });
        match asked(&input(json!([]), resume)) {
            Ok(Asked::Answer { interrupt_id, content }) if interrupt_id == "int_1" => Some(content),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        }
    };
    for (payload, wanted) in [
        (json!("Blue"), Some("Blue")),
        (json!({ "answer": "Blue" }), Some("Blue")),
        (json!({ "text": "Blue", "other": [] }), Some("Blue")),
        (json!(true), Some("true")),
        (json!({ "answer": 4.5 }), Some("4.5")),
        (Value::Null, None),
        (json!(["Blue"]), None),
        (json!({ "colour": "Blue" }), None),
    ] {
        assert_eq!(answer(payload.clone()).as_deref(), wanted, "{payload}");
    }
}

#[test]
fn a_resume_comes_before_the_messages_and_an_empty_one_is_none() {
    let messages = json!([{ "id": "1", "role": "user", "content": "Hello" }]);
    let cancel = json!({ "resume": [{ "interruptId": "int_1", "status": "cancelled" }] });
    let cancelled = Asked::Cancel {
        interrupt_id: "int_1".to_owned(),
    };
    assert_eq!(asked(&input(messages.clone(), cancel)).unwrap(), cancelled);
    for none in [json!({ "resume": [] }), json!({ "resume": null })] {
        assert_eq!(text_of(asked(&input(messages.clone(), none)).unwrap()).1, "Hello");
    }
}

#[test]
fn what_cannot_be_asked_is_told_by_its_field() {
    let entry = json!({ "interruptId": "int_1", "status": "cancelled" });
    let user = |content: Value| json!([{ "id": "1", "role": "user", "content": content }]);
    let table = [
        (json!([]), json!({}), "`messages`"),
        (
            json!([{ "id": "1", "role": "assistant", "content": "Hello" }]),
            json!({}),
            "`messages`",
        ),
        (
            json!([{ "id": "", "role": "user", "content": "Hello" }]),
            json!({}),
            "`id`",
        ),
        (user(json!(5)), json!({}), "`content`"),
        (user(json!([{ "type": "audio" }])), json!({}), "`content[0]`"),
        (user(json!([{ "type": "text" }])), json!({}), "`text`"),
        (
            user(json!([{ "type": "image", "source": { "value": "AAEC", "mimeType": "image/tiff" } }])),
            json!({}),
            "image/png",
        ),
        (
            user(json!([{ "type": "image", "source": { "value": "?", "mimeType": "image/png" } }])),
            json!({}),
            "base64",
        ),
        (user(json!("Hello")), json!({ "threadId": " " }), "`threadId`"),
        (user(json!("Hello")), json!({ "runId": "x".repeat(300) }), "`runId`"),
        (json!([]), json!({ "resume": [entry, entry] }), "`resume`"),
    ];
    for (messages, more, named) in table {
        let problem = asked(&input(messages, more)).unwrap_err().to_string();
        assert!(problem.contains(named), "{problem}");
    }
}

#[test]
fn inputs_are_an_object_below_the_forwarded_props() {
    let read = |props: Value| inputs(&input(json!([]), json!({ "forwardedProps": props })));
    assert_eq!(
        read(json!({ "inputs": { "tier": "gold" }, "other": 1 })).unwrap()["tier"],
        "gold"
    );
    for none in [json!({}), json!(null), json!("text"), json!({ "inputs": null })] {
        assert!(read(none).unwrap().is_empty());
    }
    assert!(read(json!({ "inputs": "gold" })).is_err());
}

#[test]
fn lists_in_the_place_of_objects_are_refused() {
    for body in [
        json!({ "threadId": "t", "runId": "r", "messages": [["1", "user", "Hello"]] }),
        json!({ "threadId": "t", "runId": "r", "messages": [], "resume": [["int_1", "resolved", "Blue"]] }),
        json!({ "threadId": "t", "runId": "r", "messages": [], "resume": [{ "interruptId": "int_1", "status": "maybe" }] }),
        json!({ "threadId": 5, "runId": "r", "messages": [] }),
        json!({ "threadId": "t", "runId": "r" }),
    ] {
        assert!(serde_json::from_value::<RunInput>(body.clone()).is_err(), "{body}");
    }
}
