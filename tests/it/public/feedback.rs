//! `POST /sessions/{id}/feedback`: what a visitor thinks of an answer, and what cannot be rated.

use atthene_tests::scripted::Piece;
use atthene_tests::{TestApp, TestVisitor};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

/// A visitor who asked something and has the whole answer; and the ids of both messages.
async fn answered(app: &TestApp) -> (TestVisitor, String, String) {
    let visitor = app.visitor(SHOP).start().await;
    visitor.send("c1", "Where is my order?").await;
    visitor.events(0).await.until_end().await;
    let history = visitor.history().await;
    let id = |at: usize| history[at]["id"].as_str().unwrap().to_owned();
    let (question, answer) = (id(0), id(1));
    (visitor, question, answer)
}

async fn rate(visitor: &TestVisitor, body: &Value) -> (StatusCode, Value) {
    let request = visitor.session_request(Method::POST, "/feedback").json(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_rating_is_kept_shown_in_the_history_replaced_and_taken_back() {
    let app = TestApp::start().await;
    let (mut visitor, _, answer) = answered(&app).await;
    let given = json!({ "message_id": answer, "rating": "down", "comment": "<b>Not</b> mine \u{202e}\u{1f642}" });
    assert_eq!(rate(&visitor, &given).await, (StatusCode::OK, given.clone()));
    let kept = json!({ "rating": "down", "comment": given["comment"] });
    let history = visitor.history().await;
    assert_eq!(
        (&history[0]["feedback"], &history[1]["feedback"]),
        (&Value::Null, &kept)
    );
    let shown = visitor.events(0).await.until_end().await;
    let snapshot = shown
        .iter()
        .find(|event| event.data["value"]["messageId"] == answer.as_str());
    assert_eq!(snapshot.unwrap().data["value"]["feedback"], kept);
    // A reload goes on with the session.
    visitor = visitor.start().await;
    assert_eq!(visitor.started["messages"][1]["feedback"], kept);

    let (status, told) = rate(
        &visitor,
        &json!({ "message_id": answer, "rating": "up", "comment": " \n" }),
    )
    .await;
    assert_eq!(
        (status, told),
        (StatusCode::OK, json!({ "message_id": answer, "rating": "up" }))
    );
    assert_eq!(visitor.history().await[1]["feedback"], json!({ "rating": "up" }));
    let (status, told) = rate(&visitor, &json!({ "message_id": answer, "rating": null })).await;
    assert_eq!(
        (status, told),
        (StatusCode::OK, json!({ "message_id": answer, "rating": null }))
    );
    assert_eq!(visitor.history().await[1].get("feedback"), None);
}

#[tokio::test]
async fn what_cannot_be_rated_or_said_is_refused_with_what_would_be_right() {
    let app = TestApp::start().await;
    let (visitor, question, answer) = answered(&app).await;
    let (stranger, _, theirs) = answered(&app).await;
    let long = "\u{1f642}".repeat(2_000);
    let longer = format!("{long}.");
    for (body, status, code, right) in [
        (
            json!({ "message_id": question, "rating": "up" }),
            422,
            "not_an_answer",
            "assistant",
        ),
        (
            json!({ "message_id": theirs, "rating": "up" }),
            404,
            "not_found",
            "no such message",
        ),
        (
            json!({ "message_id": "", "rating": null }),
            404,
            "not_found",
            "no such message",
        ),
        (
            json!({ "message_id": answer, "rating": "good" }),
            422,
            "wrong_type",
            "\"up\", \"down\", or null",
        ),
        (
            json!({ "message_id": answer, "rating": 1 }),
            422,
            "wrong_type",
            "\"up\", \"down\", or null",
        ),
        (json!({ "message_id": answer }), 422, "wrong_type", "rating"),
        (json!({ "rating": "up" }), 422, "wrong_type", "message_id"),
        (
            json!({ "message_id": answer, "rating": "up", "comment": ["x"] }),
            422,
            "wrong_type",
            "string",
        ),
        (
            json!({ "message_id": answer, "rating": "up", "comment": longer }),
            422,
            "comment_length",
            "2000",
        ),
        (
            json!({ "message_id": answer, "rating": null, "comment": "x" }),
            422,
            "comment_without_rating",
            "up",
        ),
    ] {
        let (answered, told) = rate(&visitor, &body).await;
        assert_eq!(
            (answered.as_u16(), &told["error"]["code"]),
            (status, &json!(code)),
            "{told}"
        );
        assert!(told["error"]["message"].as_str().unwrap().contains(right), "{told}");
    }
    assert_eq!(visitor.history().await[1].get("feedback"), None);
    assert_eq!(stranger.history().await[1].get("feedback"), None);
    let whole = json!({ "message_id": answer, "rating": "up", "comment": long, "later": [1] });
    assert_eq!(rate(&visitor, &whole).await.0, StatusCode::OK);
    let malformed = visitor
        .session_request(Method::POST, "/feedback")
        .header("content-type", "application/json");
    assert_eq!(
        malformed.body("{").send().await.unwrap().status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn an_answer_is_rated_when_it_is_complete_and_not_before() {
    let app = TestApp::start().await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Hi").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    let history = visitor.history().await;
    let body = json!({ "message_id": history[1]["id"], "rating": "up" });
    for _ in ["running", "stopped"] {
        let (status, told) = rate(&visitor, &body).await;
        assert_eq!(
            (status.as_u16(), &told["error"]["code"]),
            (409, &json!("not_complete")),
            "{told}"
        );
        visitor.session_request(Method::POST, "/stop").send().await.unwrap();
        visitor.events(0).await.until_end().await;
    }
}

#[tokio::test]
async fn a_value_in_the_address_that_cannot_be_is_the_same_mistake_as_everywhere() {
    let app = TestApp::start().await;
    let (visitor, ..) = answered(&app).await;
    for (path, code) in [("/messages?limit=many", "query"), ("/events?after=then", "after")] {
        let answer = visitor.session_request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["error"]["code"], code, "{path}");
    }
}

#[tokio::test]
async fn ratings_are_limited_and_not_counted_with_messages() {
    let app = TestApp::start_with(|settings| settings.limits.visitor_messages_per_min = 3).await;
    let (visitor, _, answer) = answered(&app).await;
    let body = json!({ "message_id": answer, "rating": "up" });
    for _ in 0..3 {
        assert_eq!(rate(&visitor, &body).await.0, StatusCode::OK);
    }
    let (status, told) = rate(&visitor, &body).await;
    assert_eq!(
        (status, &told["error"]["type"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("rate_limit_error"))
    );
    assert!(told["error"]["retry_after_ms"].as_u64().is_some(), "{told}");
    assert_eq!(visitor.send("c2", "Still there?").await.status(), StatusCode::ACCEPTED);
}
