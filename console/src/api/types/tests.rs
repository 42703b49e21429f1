//! The rules of the server that the console says before it sends anything, and what it makes of answers.

use serde_json::{from_value, json};

use super::{Conversation, Message, Ratings, is_email};

#[test]
fn an_address_has_something_on_both_sides() {
    for text in ["ada@example.com", " ada@shop ", "a@b@c"] {
        assert!(is_email(text), "{text}");
    }
    for text in ["", "ada", "@example.com", "ada@", " @ "] {
        assert!(!is_email(text), "{text}");
    }
}

#[test]
fn an_answer_helped_or_not_or_nobody_said() {
    let said = |feedback| from_value::<Message>(feedback).unwrap().feedback;
    assert_eq!(said(json!({ "id": "msg_1" })), None);
    let kept = said(json!({ "feedback": { "rating": "down", "comment": "Too old" } })).unwrap();
    assert_eq!((kept.is_up(), kept.comment.as_deref()), (Some(false), Some("Too old")));
    let kept = said(json!({ "feedback": { "rating": "up" } })).unwrap();
    assert_eq!((kept.is_up(), kept.comment), (Some(true), None));
    let newer = said(json!({ "feedback": { "rating": "sideways" } })).unwrap();
    assert_eq!(newer.is_up(), None);
}

#[test]
fn a_conversation_of_an_older_server_has_no_ratings() {
    let ratings = |conversation| from_value::<Conversation>(conversation).unwrap().feedback;
    assert_eq!(ratings(json!({ "session_id": "sess_1" })), Ratings::default());
    let two = ratings(json!({ "feedback": { "up": 2, "down": 1 } }));
    assert_eq!(two, Ratings { up: 2, down: 1 });
}
