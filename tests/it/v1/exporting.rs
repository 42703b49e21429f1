//! `/conversations/export`: everything that fits as one file, which a spreadsheet may open.

use atthene_protocol::ids::WorkspaceId;
use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;
use super::conversations::{rated, talked};

/// What a spreadsheet would take for a formula or for something else than one cell.
const HOSTILE: [&str; 8] = [
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tTab",
    "a \"quoted\", text",
    "two\r\nlines",
    "Ünïcödé 漢字 👍",
];

/// The answer's headers and bytes.
async fn export(reader: &Rest, query: &str) -> (reqwest::header::HeaderMap, String) {
    let answer = reader.request(Method::GET, &format!("/conversations/export{query}"));
    let answer = answer.send().await.unwrap().error_for_status().unwrap();
    let headers = answer.headers().clone();
    // As bytes: a reader of text might leave out the byte order mark.
    let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
    (headers, text)
}

#[tokio::test]
async fn the_document_holds_every_message_of_what_fits() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read"]).await;
    let one = talked(&app, "Where is order 4711?").await;
    talked(&app, "Something else").await;
    let (headers, text) = export(&reader, "?format=json&q=4711").await;
    assert_eq!(headers["content-type"], "application/json");
    let name = headers["content-disposition"].to_str().unwrap();
    assert!(
        name.starts_with("attachment; filename=\"conversations-20") && name.ends_with(".json\""),
        "{name}"
    );
    let document: Value = serde_json::from_str(&text).unwrap();
    let listed = document["conversations"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["session_id"], one.session_id);
    let said = listed[0]["messages"].as_array().unwrap().iter();
    let said: Vec<_> = said.map(|message| (&message["role"], &message["content"])).collect();
    let (question, answer) = (json!("Where is order 4711?"), json!("Hello from the script."));
    assert_eq!(said, [(&json!("user"), &question), (&json!("assistant"), &answer)]);
    let (_, all) = export(&reader, "").await;
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["conversations"].as_array().unwrap().len(), 2);
    let (_, none) = export(&reader, "?agent_key=nobody").await;
    assert_eq!(
        serde_json::from_str::<Value>(&none).unwrap(),
        json!({ "conversations": [] })
    );
    let log = app
        .store
        .list_audit(&WorkspaceId::default_workspace(), 10)
        .await
        .unwrap();
    let noted: Vec<_> = log
        .iter()
        .filter(|entry| entry.action == "conversations.exported")
        .collect();
    assert_eq!(noted.len(), 3);
    assert_eq!(noted[2].detail, json!({ "format": "json", "conversations": 1 }));
    assert_eq!(noted[2].actor, reader.0.key.id.0);
    reader
        .json(Method::GET, "/conversations/export?format=xml", None, 400)
        .await;
    reader
        .json(Method::GET, "/conversations/export?status=bogus", None, 400)
        .await;
    let chat = Rest::new(&app, &["chat"]).await;
    chat.json(Method::GET, "/conversations/export", None, 403).await;
}

#[tokio::test]
async fn the_table_has_a_line_for_each_message_and_no_formula() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read", "chat"]).await;
    for text in HOSTILE {
        app.llm.answer(&[Piece::Text(text)]);
        talked(&app, text).await;
    }
    let silent = reader.0.session("shop").await;
    let (headers, text) = export(&reader, "?format=csv").await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert!(headers["content-disposition"].to_str().unwrap().ends_with(".csv\""));
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.starts_with("session_id,agent_key,") && text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (content, title, role, session) = (at("content"), at("title"), at("role"), at("session_id"));
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), HOSTILE.len() * 2 + 1);
    for line in &lines {
        for cell in line {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?} is a formula"
            );
        }
    }
    for text in HOSTILE {
        let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{text}")
        } else {
            text.to_owned()
        };
        let roles: Vec<&str> = lines
            .iter()
            .filter(|line| line[content] == guarded)
            .map(|line| &line[role])
            .collect();
        assert_eq!(roles, ["user", "assistant"], "{text:?}");
    }
    assert!(lines.iter().any(|line| &line[title] == "'+1+1"));
    let alone: Vec<_> = lines.iter().filter(|line| line[session] == silent).collect();
    assert_eq!((alone.len(), &alone[0][content]), (1, ""));
}

#[tokio::test]
async fn what_visitors_think_of_answers_is_exported_with_them() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read"]).await;
    let visitor = talked(&app, "Where is it?").await;
    talked(&app, "And that?").await;
    let feedback = json!({ "rating": "down", "comment": "=1+1" });
    rated(&visitor, &feedback).await;
    let (_, text) = export(&reader, "?format=json&feedback=any").await;
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["conversations"].as_array().unwrap().len(), 1);
    assert_eq!(document["conversations"][0]["feedback"], json!({ "up": 0, "down": 1 }));
    let messages = &document["conversations"][0]["messages"];
    assert_eq!(
        (&messages[0]["feedback"], &messages[1]["feedback"]),
        (&Value::Null, &feedback)
    );
    let (_, text) = export(&reader, "?format=csv").await;
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    assert!(lines.headers().unwrap().iter().rev().take(2).eq(["comment", "rating"]));
    let told: Vec<_> = lines.records().map(Result::unwrap).collect();
    let told: Vec<_> = told
        .iter()
        .map(|line| line.iter().rev().take(2).collect::<Vec<_>>())
        .collect();
    assert_eq!(told.len(), 4);
    assert_eq!(told.iter().filter(|cells| **cells == ["'=1+1", "down"]).count(), 1);
    assert_eq!(told.iter().filter(|cells| **cells == ["", ""]).count(), 3);
}

#[tokio::test]
async fn a_long_conversation_is_exported_whole() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read", "chat"]).await;
    let session = reader.0.session("shop").await;
    for number in 0..30 {
        let (_, run) = reader.0.execute(&session, &format!("Question {number}")).await;
        assert_eq!(run["status"], "completed", "{run}");
    }
    let (_, text) = export(&reader, "?format=json").await;
    let document: Value = serde_json::from_str(&text).unwrap();
    let messages = document["conversations"][0]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 60);
    let mut questions = messages.iter().filter(|message| message["role"] == "user");
    assert!((0..30).all(|number| questions.next().unwrap()["content"] == format!("Question {number}")));
}
