//! `/api/v1/runtime`: one message and its whole answer, the same as a stream, and what can be asked afterwards.

use atthene_server::llm::ModelErrorKind;
use atthene_server::model::key::Scope;
use atthene_tests::{BackEnd, EventReader, Piece, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn an_execution_answers_in_all_printed_shapes_at_once() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let body = json!({ "content": "What's the weather like today?", "correlation_id": "track-1" });
    let (status, told) = back_end
        .post(&format!("/api/v1/runtime/{session}/execute"), &body)
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    for (field, value) in [
        ("type", json!("execution_result")),
        ("object", json!("agent.session")),
        ("client_type", json!("backend")),
        ("success", json!(true)),
        ("id", json!(session)),
        ("session_id", json!(session)),
        ("status", json!("completed")),
        ("error", json!(null)),
        ("config", json!({})),
        ("correlation_id", json!("track-1")),
        (
            "response",
            json!({ "content": "Hello from the script.", "tool_calls": [] }),
        ),
    ] {
        assert_eq!(told[field], value, "{field}");
    }
    let message = &told["messages"][0];
    assert_eq!(message["type"], "assistant_message");
    assert_eq!(message["role"], "assistant");
    assert_eq!(message["content"], "Hello from the script.");
    assert!(message["timestamp"].as_str().unwrap().ends_with('Z') && message["created_at"].is_i64());
    assert!(told["execution_time"].is_f64() && told["created_at"].is_i64() && told["completed_at"].is_i64());
    assert_eq!(told["metadata"]["correlation_id"], "track-1");
    assert!(told["metadata"]["usage"]["input_tokens"].is_u64());
    let events = told["events"].as_array().unwrap();
    assert_eq!(told["metadata"]["event_count"], events.len());
    assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
}

#[tokio::test]
async fn a_failed_run_is_a_200_that_says_so() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    for (kind, wanted) in [
        (ModelErrorKind::Timeout, "timeout"),
        (ModelErrorKind::Unreachable, "error"),
    ] {
        app.llm.answer(&[Piece::Text("So far"), Piece::Fail(kind)]);
        let (status, told) = back_end.execute(&session, "Hello?").await;
        assert_eq!(
            (status, &told["status"], &told["success"]),
            (StatusCode::OK, &json!(wanted), &json!(false))
        );
        assert!(
            told["error"]
                .as_str()
                .is_some_and(|text| !text.contains("vendor-secret-marker"))
        );
        assert_eq!(told["messages"][0]["content"], "So far");
    }
    let (_, status) = back_end.get(&format!("/api/v1/runtime/{session}/status/")).await;
    assert_eq!(
        (&status["status"], &status["health"]),
        (&json!("error"), &json!("degraded"))
    );
    let (status, told) = back_end
        .post(&format!("/api/v1/runtime/{session}/retry/"), &json!({}))
        .await;
    assert_eq!((status, &told["status"]), (StatusCode::OK, &json!("completed")));
}

#[tokio::test]
async fn the_same_run_streams_its_events_and_ends_with_the_result() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let answer = back_end
        .request(Method::POST, &format!("/api/v1/runtime/{session}/execute/"))
        .header("accept", "text/event-stream")
        .json(&json!({ "content": "Hello?" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = answer.text().await.unwrap();
    let data: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|json| serde_json::from_str(json).unwrap())
        .collect();
    let kinds: Vec<_> = data.iter().filter_map(|event| event["type"].as_str()).collect();
    assert!(
        kinds.contains(&"RUN_STARTED") && kinds.contains(&"TEXT_MESSAGE_CONTENT"),
        "{kinds:?}"
    );
    assert_eq!(kinds[kinds.len() - 2..], ["RUN_FINISHED", "execution_result"]);
    assert_eq!(data.last().unwrap()["response"]["content"], "Hello from the script.");
}

#[tokio::test]
async fn one_turn_at_a_time_and_the_same_idempotency_key_is_the_same_run() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    app.llm.answer(&[Piece::Hold, Piece::Text("At last.")]);
    let path = format!("/api/v1/runtime/{session}/execute");
    let send = |text: &str, key: &str| {
        let request = back_end.request(Method::POST, &path).header("idempotency-key", key);
        request.json(&json!({ "content": text })).send()
    };
    let first = tokio::spawn(send("Hello?", "one"));
    while app.llm.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(send("Another", "two").await.unwrap().status(), StatusCode::CONFLICT);
    let again = tokio::spawn(send("Hello?", "one"));
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    app.llm.release();
    let first: Value = first.await.unwrap().unwrap().json().await.unwrap();
    let again: Value = again.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(first["metadata"]["execution_id"], again["metadata"]["execution_id"]);
    assert_eq!(again["response"]["content"], "At last.");
    assert_eq!(app.llm.requests().len(), 1);
    assert_eq!(
        send("Something else", "one").await.unwrap().status(),
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn a_hundred_requests_under_one_idempotency_key_are_one_message_and_one_model_call() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let path = format!("/api/v1/runtime/{session}/execute");
    let streamed = |number: usize| number % 10 == 9;
    let sends = (0..100).map(|number| {
        let request = back_end.request(Method::POST, &path).header("idempotency-key", "one");
        let request = match streamed(number) {
            true => request.header("accept", "text/event-stream"),
            false => request,
        };
        request.json(&json!({ "content": "Once" })).send()
    });
    let mut runs = std::collections::BTreeSet::new();
    for (number, answer) in futures_util::future::join_all(sends).await.into_iter().enumerate() {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let text = answer.text().await.unwrap();
        // A stream ends with the same object.
        let last = text.lines().rev().find(|line| !line.is_empty()).unwrap();
        let result: Value = serde_json::from_str(last.strip_prefix("data: ").unwrap_or(last)).unwrap();
        assert_eq!(
            result["response"]["content"], "Hello from the script.",
            "{number}: {text}"
        );
        runs.insert(result["metadata"]["execution_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(runs.len(), 1);
    assert_eq!(app.llm.requests().len(), 1);
    let kept = back_end.get(&format!("/api/v1/runtime/{session}/messages/")).await.1;
    assert_eq!(kept["total"], 2, "{kept}");
}

#[tokio::test]
async fn messages_are_paged_and_blocks_reach_only_models_that_see() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    for text in ["One", "Two"] {
        assert_eq!(back_end.execute(&session, text).await.0, StatusCode::OK);
    }
    let page = back_end
        .get(&format!("/api/v1/runtime/{session}/messages/?limit=2&offset=1"))
        .await
        .1;
    assert_eq!((&page["total"], &page["has_more"]), (&json!(4), &json!(true)));
    let contents: Vec<_> = page["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["content"].clone())
        .collect();
    assert_eq!(contents, [json!("Hello from the script."), json!("Two")]);
    let pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    let blocks = json!({ "content": [
        { "type": "text", "text": "What is this?" },
        { "type": "image_url", "image_url": { "url": pixel } },
    ] });
    let (status, told) = back_end
        .post(&format!("/api/v1/runtime/{session}/execute"), &blocks)
        .await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("model_cannot_see"))
    );
    let document = json!({ "content": [
        { "type": "text", "text": "Sum it up." },
        { "type": "file", "file": { "filename": "notes.txt", "file_data": "data:text/plain;base64,QSBub3Rl" } },
    ] });
    let (status, _) = back_end
        .post(&format!("/api/v1/runtime/{session}/execute"), &document)
        .await;
    assert_eq!(status, StatusCode::OK);
    let asked = app.llm.requests().pop().unwrap();
    let question = asked.messages.last().unwrap().content.clone();
    assert!(
        question.contains("Sum it up.") && question.contains("A note"),
        "{question}"
    );
}

#[tokio::test]
async fn a_form_carries_text_and_files() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let body = "--x\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nRead this.\r\n--x\r\n\
                Content-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\nContent-Type: text/markdown\r\n\r\n# Title\r\n--x--\r\n";
    let answer = back_end
        .request(Method::POST, &format!("/api/v1/runtime/{session}/execute"))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let asked = app.llm.requests().pop().unwrap();
    assert!(asked.messages.last().unwrap().content.contains("# Title"));
}

#[tokio::test]
async fn input_that_nobody_waits_for_is_refused_and_a_running_turn_can_be_stopped() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let (status, told) = back_end
        .post(
            &format!("/api/v1/runtime/{session}/input/"),
            &json!({ "content": "Yes" }),
        )
        .await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (StatusCode::CONFLICT, &json!("not_waiting"))
    );
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let request = back_end
        .request(Method::POST, &format!("/api/v1/runtime/{session}/execute"))
        .header("accept", "text/event-stream")
        .json(&json!({ "content": "Hello?" }));
    let mut events = EventReader::new(request.send().await.unwrap());
    events.until("TEXT_MESSAGE_CONTENT").await;
    let (status, _) = back_end
        .post(&format!("/api/v1/runtime/{session}/stop/"), &json!({}))
        .await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let last = events.until("execution_result").await.pop().unwrap().data;
    assert_eq!(
        (&last["status"], &last["messages"][0]["content"]),
        (&json!("error"), &json!("Half"))
    );
}

/// What an answer's time is in the reply of its run, in the history and in the chats.
async fn times(back_end: &BackEnd, session: &str, run: &Value) -> [Value; 3] {
    let (_, history) = back_end.get(&format!("/api/v1/runtime/{session}/messages")).await;
    let (_, chat) = back_end.get(&format!("/chats/{session}/messages")).await;
    let timestamp = run["messages"][0]["timestamp"].clone();
    [
        timestamp,
        history["messages"][1]["timestamp"].clone(),
        chat[1]["created_at"].clone(),
    ]
}

#[tokio::test]
async fn an_answer_has_the_same_time_wherever_it_is_told() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let failing = [Piece::Text("So"), Piece::Hold, Piece::Fail(ModelErrorKind::Unreachable)];
    let answering = [Piece::Text("So"), Piece::Hold, Piece::Text(" far")];
    let mut seen = Vec::new();
    for (asked, pieces, path) in [(1, failing, "execute"), (2, answering, "retry")] {
        app.llm.answer(&pieces);
        let path = format!("/api/v1/runtime/{session}/{path}");
        let body = json!({ "content": "Hello?" });
        // The model takes five seconds: the beginning is another time than the end.
        let working = async {
            while app.llm.requests().len() < asked {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            app.clock.advance_s(5);
            app.llm.release();
        };
        let ((_, run), ()) = tokio::join!(back_end.post(&path, &body), working);
        let [in_reply, in_history, in_chat] = times(&back_end, &session, &run).await;
        assert!(in_reply.is_string(), "{run}");
        assert_eq!((&in_reply, &in_reply), (&in_history, &in_chat));
        assert_ne!(run["timestamp"], in_reply, "the run ended later");
        seen.push(in_reply);
        app.clock.advance_s(60);
    }
    assert_ne!(seen[0], seen[1], "the second try is another answer");
}
