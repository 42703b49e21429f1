//! A question to a human, asked and answered over the socket.

use atthene_tests::scripted::Piece;
use serde_json::json;

use super::{tab, talking};
use crate::public::waiting::app;

#[tokio::test]
async fn a_question_reaches_every_tab_and_is_answered_once_from_either() {
    let app = app().await;
    let (visitor, mut first) = talking(&app).await;
    let mut second = tab(&app, &visitor, 0).await;
    app.llm.answer(&[Piece::Ask("Which colour?", &["Blue", "Grün"])]);
    first.say("c1", "I want a shirt").await;
    let seen = first.until_event("RUN_FINISHED").await;
    let told = second.until_event("RUN_FINISHED").await;
    let interrupt = &seen.last().unwrap().data["outcome"]["interrupts"][0];
    assert_eq!(interrupt["message"], "Which colour?");
    assert_eq!(told.last().unwrap().data, seen.last().unwrap().data);
    let frames = format!("{seen:?}{told:?}");
    assert!(!frames.contains("TOOL_"), "a visitor hears nothing of tools");

    first.say("c2", "Hello?").await;
    let refused = first.frame().await;
    assert_eq!(
        (&refused["error"]["code"], &refused["client_id"]),
        (&json!("waiting_for_input"), &json!("c2"))
    );
    let answer = |id: &serde_json::Value, content: &str, client_id: &str| json!({ "type": "input.answer", "interrupt_id": id, "content": content, "client_id": client_id });
    second.send(&answer(&json!("int_unknown"), "Blue", "a0")).await;
    assert_eq!(second.frame().await["error"]["code"], "not_found");
    second.send(&answer(&interrupt["id"], "Blue", "a1")).await;
    let ack = second.frame().await;
    assert_eq!((&ack["type"], &ack["client_id"]), (&json!("ack"), &json!("a1")));
    assert_eq!(
        first.until_event("RUN_FINISHED").await.last().unwrap().data["runId"],
        ack["run_id"]
    );
    second.until_event("RUN_FINISHED").await;
    // The same again gets the same, another answer a refusal.
    first.send(&answer(&interrupt["id"], "Blue", "a1")).await;
    assert_eq!(first.frame().await, ack);
    first.send(&answer(&interrupt["id"], "Grün", "a2")).await;
    let refused = first.frame().await;
    assert_eq!(
        (&refused["error"]["code"], &refused["client_id"]),
        (&json!("interrupt_answered"), &json!("a2"))
    );
    let asked = visitor.history().await;
    assert_eq!(asked.iter().filter(|message| message["content"] == "Blue").count(), 1);
}
