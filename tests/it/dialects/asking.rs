//! AG-UI while an agent asks a human: the run ends with an interrupt, a `resume` answers or ends it, once.

use atthene_protocol::ids::WorkspaceId;
use atthene_server::model::key::Scope;
use atthene_tests::back_end::told;
use atthene_tests::sse::SseEvent;
use atthene_tests::{BackEnd, Piece, TestApp};
use serde_json::{Value, json};

use super::agui::{ask, by_key, by_token, events, kinds, outcome, run, text};

const SHOP: &str = "https://shop.example";

/// An app whose agent `shop` may ask, and does.
async fn app() -> TestApp {
    let app = TestApp::start().await;
    let workspace = WorkspaceId::default_workspace();
    let mut agent = app.store.find_agent_by_key(&workspace, "shop").await.unwrap().unwrap();
    agent.system_config["agent_type"] = json!("react_agent");
    agent.system_config["tools"] = json!(["ask_human"]);
    agent.config_hash = "2".repeat(64);
    agent.version_number = 2;
    app.change_agent(&agent).await;
    app.llm.answer(&[
        Piece::Text("Let me see."),
        Piece::Ask("Which colour?", &["Blue", "Red"]),
    ]);
    app
}

fn interrupt(told: &[SseEvent]) -> Value {
    told.last().unwrap().data["outcome"]["interrupts"][0].clone()
}

fn resume(thread: &str, interrupt: &Value, status: &str, payload: Value) -> Value {
    let mut body = run(thread, "resumed", &[("m1", "user", "I want a shirt")]);
    body["resume"] = json!([{ "interruptId": interrupt["id"], "status": status, "payload": payload }]);
    body
}

async fn refused(back_end: &BackEnd, body: &Value) -> (u16, String) {
    let (status, told) = told(by_key(back_end).json(body).send().await.unwrap()).await;
    (
        status.as_u16(),
        told["error"]["code"].as_str().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn a_question_ends_the_run_and_its_answer_goes_on() {
    let app = app().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let told = events(by_key(&back_end), &ask("thread", "m1", "I want a shirt")).await;
    assert_eq!(outcome(&told), &json!("interrupt"));
    let open = interrupt(&told);
    assert_eq!(
        (&open["message"], &open["metadata"]["choices"], &open["reason"]),
        (
            &json!("Which colour?"),
            &json!(["Blue", "Red"]),
            &json!("input_required")
        )
    );
    assert_eq!(text(&told).as_str().split("\n\n").last(), Some("Which colour?"));
    // A back end sees the call, inside the message that it belongs to.
    let at = |kind: &str| kinds(&told).iter().position(|one| *one == kind).unwrap();
    assert!(at("TEXT_MESSAGE_START") < at("TOOL_CALL_START") && at("TOOL_CALL_END") < at("RUN_FINISHED"));
    assert_eq!(
        refused(&back_end, &ask("thread", "m2", "Hello?")).await,
        (409, "waiting_for_input".to_owned())
    );
    let again = events(by_key(&back_end), &ask("thread", "m1", "I want a shirt")).await;
    assert_eq!(interrupt(&again), open, "the same message asks for the same");
    let body = resume("thread", &open, "resolved", json!({ "answer": "Blue" }));
    let resumed = events(by_key(&back_end), &body).await;
    assert_eq!(
        (text(&resumed).as_str(), outcome(&resumed)),
        ("Hello from the script.", &json!("success"))
    );
    assert!(
        !kinds(&resumed).contains(&"TOOL_CALL_RESULT"),
        "of a call of another run"
    );
    let asked = app.llm.requests().pop().unwrap();
    assert_eq!(asked.messages.last().unwrap().content, "Blue");
    let once_more = events(by_key(&back_end), &body).await;
    assert_eq!((text(&once_more), app.llm.requests().len()), (text(&resumed), 2));
    assert_eq!(
        refused(&back_end, &resume("thread", &open, "resolved", json!("Red"))).await,
        (409, "interrupt_answered".to_owned())
    );
    let unknown = json!({ "id": "int_unknown" });
    let (status, _) = refused(&back_end, &resume("thread", &unknown, "resolved", json!("Red"))).await;
    assert!([404, 409].contains(&status), "{status}");
}

#[tokio::test]
async fn nobody_answers_and_the_run_is_cancelled() {
    let app = app().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let told = events(by_key(&back_end), &ask("thread", "m1", "I want a shirt")).await;
    let open = interrupt(&told);
    let other = json!({ "id": "int_other" });
    assert_eq!(
        refused(&back_end, &resume("thread", &other, "cancelled", Value::Null))
            .await
            .0,
        404
    );
    let cancelled = events(by_key(&back_end), &resume("thread", &open, "cancelled", Value::Null)).await;
    assert_eq!(kinds(&cancelled), ["RUN_STARTED", "RUN_FINISHED"]);
    assert_eq!(
        (outcome(&cancelled), &cancelled[1].data["runId"]),
        (&json!("cancelled"), &json!("resumed"))
    );
    let (status, _) = refused(&back_end, &resume("thread", &open, "resolved", json!("Blue"))).await;
    assert!([404, 409].contains(&status), "it is too late: {status}");
    let next = events(by_key(&back_end), &ask("thread", "m2", "Something else")).await;
    assert_eq!(outcome(&next), &json!("success"), "the thread goes on");
}

#[tokio::test]
async fn a_visitor_answers_in_their_own_thread_and_hears_nothing_of_tools() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    let stranger = app.visitor(SHOP).start().await;
    let mine = || by_token(&app, "shop", SHOP, &visitor.token);
    let told = events(mine(), &ask(&visitor.session_id, "m1", "I want a shirt")).await;
    assert_eq!(outcome(&told), &json!("interrupt"));
    let wire: String = told.iter().map(|event| event.data.to_string()).collect();
    assert!(!wire.contains("TOOL_CALL") && !wire.contains("call_scripted"), "{wire}");
    let open = interrupt(&told);
    let theirs = resume(&stranger.session_id, &open, "resolved", json!("Mine"));
    let refused = by_token(&app, "shop", SHOP, &stranger.token)
        .json(&theirs)
        .send()
        .await
        .unwrap();
    assert!([404, 409].contains(&refused.status().as_u16()), "{}", refused.status());
    let answered = events(mine(), &resume(&visitor.session_id, &open, "resolved", json!("Blue"))).await;
    assert_eq!(outcome(&answered), &json!("success"));
    let history = visitor.history().await;
    assert_eq!((history.len(), &history[2]["content"]), (4, &json!("Blue")));
}
