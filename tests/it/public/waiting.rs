//! An agent asks a human in the middle of a conversation: the turn waits, also over a restart, and is answered once.

use atthene_server::model::key::Scope;
use atthene_tests::scripted::Piece;
use atthene_tests::sse::{SseEvent, shown_text};
use atthene_tests::{TestApp, TestVisitor};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

/// An app whose agent `shop` may ask.
pub(crate) async fn app() -> TestApp {
    let app = TestApp::start().await;
    let workspace = atthene_protocol::ids::WorkspaceId::default_workspace();
    let mut agent = app.store.find_agent_by_key(&workspace, "shop").await.unwrap().unwrap();
    agent.system_config["agent_type"] = json!("react_agent");
    agent.system_config["tools"] = json!(["ask_human"]);
    agent.config_hash = "2".repeat(64);
    agent.version_number = 2;
    app.change_agent(&agent).await;
    app
}

async fn answer(visitor: &TestVisitor, interrupt_id: &str, content: &str) -> (StatusCode, Value) {
    let body = json!({ "interrupt_id": interrupt_id, "content": content });
    let answer = visitor
        .session_request(Method::POST, "/input")
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// Sends a question to which the agent asks back, and gives the interrupt and all events.
async fn ask(app: &TestApp, visitor: &TestVisitor) -> (Value, Vec<SseEvent>) {
    app.llm.answer(&[
        Piece::Text("Let me see."),
        Piece::Ask("Which colour?", &["Blue", "Grün"]),
    ]);
    let mut events = visitor.events(0).await;
    assert_eq!(
        visitor.send("c1", "I want a shirt").await.status(),
        StatusCode::ACCEPTED
    );
    let seen = events.until("RUN_FINISHED").await;
    let interrupt = seen.last().unwrap().data["outcome"]["interrupts"][0].clone();
    (interrupt, seen)
}

fn id(interrupt: &Value) -> &str {
    interrupt["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_question_to_a_human_ends_the_run_with_an_interrupt_and_is_the_assistants_text() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    let (interrupt, seen) = ask(&app, &visitor).await;
    assert_eq!(seen.last().unwrap().data["outcome"]["type"], "interrupt");
    assert!(id(&interrupt).starts_with("int_"));
    assert_eq!(
        (
            &interrupt["reason"],
            &interrupt["message"],
            &interrupt["metadata"]["choices"]
        ),
        (
            &json!("input_required"),
            &json!("Which colour?"),
            &json!(["Blue", "Grün"])
        )
    );
    let shown = shown_text(&seen);
    assert!(
        shown.values().any(|text| text == "Let me see.\n\nWhich colour?"),
        "{shown:?}"
    );
    // A visitor hears nothing of tools.
    assert!(!seen.iter().any(|event| event.kind().starts_with("TOOL_")));
    assert!(
        !seen
            .iter()
            .any(|event| event.data.to_string().contains("call_scripted"))
    );
}

#[tokio::test]
async fn the_answer_goes_to_the_model_as_the_result_of_its_call_and_the_run_goes_on() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    let (interrupt, seen) = ask(&app, &visitor).await;
    let last = seen.iter().filter_map(|event| event.seq).max().unwrap();
    let mut events = visitor.events(last).await;
    app.llm.answer(&[Piece::Text("Blue it is.")]);
    let (status, accepted) = answer(&visitor, id(&interrupt), "Blue").await;
    assert_eq!(status, StatusCode::ACCEPTED, "{accepted}");
    let rest = events.until("RUN_FINISHED").await;
    assert_eq!(rest.last().unwrap().data["outcome"]["type"], "success");
    assert_eq!(rest.last().unwrap().data["runId"], accepted["run_id"]);
    let asked = app.llm.requests();
    let messages = &asked.last().unwrap().messages;
    let [question, call, result] = messages.as_slice() else {
        panic!("{messages:?}")
    };
    assert_eq!(question.content, "I want a shirt");
    let call = call.call.as_ref().unwrap();
    assert_eq!((call.name.as_str(), call.said.as_str()), ("ask_human", "Let me see."));
    assert_eq!(
        (result.answers.as_deref(), result.content.as_str()),
        (Some("call_scripted"), "Blue")
    );
    let history: Vec<String> = visitor
        .history()
        .await
        .iter()
        .map(|m| m["content"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        history,
        ["I want a shirt", "Let me see.\n\nWhich colour?", "Blue", "Blue it is."]
    );
}

#[tokio::test]
async fn a_question_is_answered_once_however_often_the_answer_comes() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    let (interrupt, _) = ask(&app, &visitor).await;
    let same = futures_util::future::join_all((0..10).map(|_| answer(&visitor, id(&interrupt), "Blue"))).await;
    let first = &same[0].1;
    for (status, body) in &same {
        assert_eq!((*status, body), (StatusCode::ACCEPTED, first));
    }
    let (status, body) = answer(&visitor, id(&interrupt), "Green").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::CONFLICT, &json!("interrupt_answered"))
    );
    let (status, body) = answer(&visitor, "int_unknown", "Blue").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::CONFLICT, &json!("not_waiting"))
    );
    assert_eq!(app.llm.requests().len(), 2);
}

#[tokio::test]
async fn while_it_waits_a_message_is_refused_and_another_question_is_unknown() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    let (interrupt, _) = ask(&app, &visitor).await;
    let refused = visitor.send("c2", "Hello?").await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "waiting_for_input");
    // The message that was asked about is still the same message.
    assert_eq!(
        visitor.send("c1", "I want a shirt").await.status(),
        StatusCode::ACCEPTED
    );
    let (status, _) = answer(&visitor, "int_other", "Blue").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = answer(&visitor, id(&interrupt), "  ").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = answer(&visitor, id(&interrupt), "Blue").await;
    assert_eq!(status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_waiting_turn_survives_a_crash_and_is_there_for_whoever_comes_back() {
    let app = app().await;
    let mut visitor = app.visitor(SHOP).start().await;
    let (interrupt, _) = ask(&app, &visitor).await;
    let app = app.crash_and_restart().await;
    let resume = std::mem::take(&mut visitor.resume);
    let mut visitor = app.visitor(SHOP);
    visitor.resume = resume;
    let visitor = visitor.start().await;
    assert_eq!(visitor.started["run"]["status"], "waiting");
    assert_eq!(visitor.started["run"]["interrupt"], interrupt);
    let snapshot = visitor.events(0).await.until_end().await;
    let run = &snapshot.last().unwrap().data["value"];
    assert_eq!((&run["status"], &run["interrupt"]), (&json!("waiting"), &interrupt));
    app.llm.answer(&[Piece::Text("Blue it is.")]);
    let mut events = visitor.events(snapshot.last().unwrap().seq.unwrap()).await;
    events.until("CUSTOM").await;
    let (status, _) = answer(&visitor, id(&interrupt), "Blue").await;
    assert_eq!(status, StatusCode::ACCEPTED);
    events.until("RUN_FINISHED").await;
    let asked = app.llm.requests();
    assert_eq!(asked.last().unwrap().messages.len(), 3);
}

#[tokio::test]
async fn a_stop_ends_the_waiting_and_the_other_tab_is_told() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    let (interrupt, seen) = ask(&app, &visitor).await;
    let last = seen.iter().filter_map(|event| event.seq).max().unwrap();
    let mut other = visitor.events(last).await;
    other.until("CUSTOM").await;
    let stopped = visitor.session_request(Method::POST, "/stop").send().await.unwrap();
    assert_eq!(stopped.status(), StatusCode::ACCEPTED);
    let told = other.until("CUSTOM").await;
    let told = told.last().unwrap();
    assert_eq!(
        (&told.data["value"]["status"], told.data["value"].get("interrupt")),
        (&json!("stopped"), None)
    );
    assert!(told.seq > Some(last));
    let (status, body) = answer(&visitor, id(&interrupt), "Blue").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::CONFLICT, &json!("not_waiting"))
    );
    assert_eq!(visitor.send("c2", "Never mind").await.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_model_that_calls_wrongly_is_told_so_and_tries_again() {
    let app = app().await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm.answer(&[Piece::Call("search", "{}")]);
    app.llm.answer(&[Piece::Call("ask_human", "{\"question\":7}")]);
    app.llm.answer(&[Piece::Text("I know it now.")]);
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Well?").await;
    let seen = events.until("RUN_FINISHED").await;
    assert_eq!(seen.last().unwrap().data["outcome"]["type"], "success");
    let asked = app.llm.requests();
    let told: Vec<&str> = asked[2]
        .messages
        .iter()
        .filter(|m| m.answers.is_some())
        .map(|m| m.content.as_str())
        .collect();
    assert!(
        told[0].contains("ask_human") && told[1].contains("question"),
        "{told:?}"
    );
}

#[tokio::test]
async fn back_ends_see_the_tool_and_answer_in_every_dialect() {
    let app = app().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    app.llm.answer(&[Piece::Ask("Which colour?", &["Blue"])]);
    let (status, run) = back_end
        .post(
            &format!("/api/v1/runtime/{session}/execute/"),
            &json!({ "content": "A shirt" }),
        )
        .await;
    assert_eq!(
        (status, &run["status"], &run["success"]),
        (StatusCode::OK, &json!("completed"), &json!(true))
    );
    assert_eq!(run["waiting_for_input"]["prompt"], "Which colour?");
    let kinds: Vec<&str> = run["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["type"].as_str().unwrap())
        .collect();
    assert!(
        kinds
            .windows(3)
            .any(|three| three == ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END"]),
        "{kinds:?}"
    );
    let (_, state) = back_end.get(&format!("/api/v1/runtime/{session}/status/")).await;
    assert_eq!(
        (&state["status"], &state["waiting_for_input"]["interrupt_id"]),
        (&json!("active"), &run["waiting_for_input"]["interrupt_id"])
    );
    let (_, chat) = back_end.get(&format!("/chats/{session}")).await;
    assert_eq!(chat["status"], "wait_for_human_input");
    app.llm.answer(&[Piece::Ask("Which size?", &[])]);
    let (status, told) = back_end
        .post(&format!("/chats/{session}/input"), &json!({ "message": "Blue" }))
        .await;
    assert_eq!(
        (status, told),
        (StatusCode::OK, json!({ "detail": "Input sent to assistant." }))
    );
    until_waiting(&back_end, &session).await;
    app.llm.answer(&[Piece::Text("A blue shirt in M.")]);
    let (status, run) = back_end
        .post(&format!("/api/v1/runtime/{session}/input/"), &json!({ "content": "M" }))
        .await;
    assert_eq!(
        (status, &run["response"]["content"]),
        (StatusCode::OK, &json!("A blue shirt in M."))
    );
    let results: Vec<&Value> = run["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["type"] == "TOOL_CALL_RESULT")
        .collect();
    assert_eq!(results[0]["content"], "M");
    let (status, refused) = back_end
        .post(&format!("/chats/{session}/input"), &json!({ "message": "L" }))
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "{refused}");
}

/// The run that an answer began is another task's.
async fn until_waiting(back_end: &atthene_tests::BackEnd, session: &str) {
    for _ in 0..200 {
        let (_, chat) = back_end.get(&format!("/chats/{session}")).await;
        if chat["status"] == "wait_for_human_input" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the chat did not come to wait again");
}

#[tokio::test]
async fn a_dialect_without_an_input_route_answers_with_its_next_message() {
    let app = app().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    app.llm.answer(&[Piece::Ask("Which colour?", &[])]);
    let (status, asked) = back_end
        .post("/api/chat", &json!({ "message": "A shirt", "agentId": "shop" }))
        .await;
    assert_eq!((status, &asked["response"]), (StatusCode::OK, &json!("Which colour?")));
    app.llm.answer(&[Piece::Text("Blue it is.")]);
    let next = json!({ "message": "Blue", "chatId": asked["chatId"] });
    let (status, answered) = back_end.post("/api/chat", &next).await;
    assert_eq!((status, &answered["response"]), (StatusCode::OK, &json!("Blue it is.")));
    assert!(
        app.llm
            .requests()
            .last()
            .unwrap()
            .messages
            .last()
            .unwrap()
            .answers
            .is_some()
    );
}
