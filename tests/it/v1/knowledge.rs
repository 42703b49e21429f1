//! `/agent/{id}/knowledge`: files in, passages found, files out.

use atthene_protocol::ids::WorkspaceId;
use atthene_tests::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;

const BOUNDARY: &str = "----a-boundary-of-the-test";
/// A word that stands in one file alone.
const WORD: &str = "quokkaberry";

/// A form with these files, and a knowledge base where one is named.
fn form(base: Option<&str>, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut part = |head: String, bytes: &[u8]| {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    };
    for (name, bytes) in files {
        part(format!("name=\"file\"; filename=\"{name}\""), bytes);
    }
    // After the files: the order says nothing.
    if let Some(base) = base {
        part("name=\"base\"".to_owned(), base.as_bytes());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

async fn upload(back_end: &Rest, base: Option<&str>, files: &[(&str, &[u8])], status: u16) -> Value {
    let request = back_end
        .request(Method::POST, "/agent/shop/knowledge/")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let answer = request.body(form(base, files)).send().await.unwrap();
    let got = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(got, status, "{body}");
    body
}

/// With an agent that can be saved as it is.
async fn start() -> TestApp {
    TestApp::start_with(|settings| {
        settings.models.insert("scripted".to_owned(), "builtin".to_owned());
    })
    .await
}

/// How many passages a turn finds for the word.
async fn found(app: &TestApp, back_end: &Rest) -> usize {
    let session = back_end.0.session("shop").await;
    let (_, run) = back_end.0.execute(&session, WORD).await;
    assert_eq!(run["status"], "completed", "{run}");
    app.llm.requests().last().unwrap().passages.len()
}

fn names(list: &Value, field: &str) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn files_are_found_by_the_next_question_and_after_their_deletion_by_none() {
    let app = start().await;
    let admin = Rest::new(&app, &["admin"]).await;
    let text = format!("# Fruit\n\nThe {WORD} is in season in May.\n");
    let page = "<h1>Delivery</h1><script>marker()</script><p>Three days.</p>";
    let files: [(&str, &[u8]); 3] = [
        ("fruit.md", text.as_bytes()),
        ("sub\\delivery.HTML", page.as_bytes()),
        ("plain.txt", "\u{feff}Open from nine.".as_bytes()),
    ];
    let added = upload(&admin, None, &files, 200).await;
    assert_eq!(
        names(&added["documents"], "name"),
        ["fruit.md", "delivery.HTML", "plain.txt"]
    );
    assert_eq!(
        (&added["base"], &added["linked"], &added["problems"]),
        (&json!("docs"), &json!(true), &json!([]))
    );
    assert_eq!(added["documents"][0]["bytes"], text.len());
    assert!(added["documents"][0]["passages"].as_u64().unwrap() >= 1);
    // The agent named no knowledge base; now it names this one, in a new version.
    let agent = admin.get("/agent/shop").await;
    assert_eq!(agent["system_config"]["knowledge_bases"], json!([{ "name": "docs" }]));
    assert_eq!(agent["version_number"], 2);
    let shown = admin.get("/agent/shop/knowledge").await;
    assert_eq!(
        (&shown["bases"][0]["name"], &shown["bases"][0]["is_used"]),
        (&json!("docs"), &json!(true))
    );
    let mut listed = names(&shown["bases"][0]["documents"], "name");
    listed.sort_unstable();
    assert_eq!(listed, ["delivery.HTML", "fruit.md", "plain.txt"]);
    assert_eq!(found(&app, &admin).await, 1);
    let id = added["documents"][0]["id"].as_str().unwrap();
    let path = format!("/agent/shop/knowledge/docs/{id}");
    admin.json(Method::DELETE, &path, None, 204).await;
    assert_eq!(found(&app, &admin).await, 0);
    admin.json(Method::DELETE, &path, None, 404).await;
    let log = app
        .store
        .list_audit(&WorkspaceId::default_workspace(), 10)
        .await
        .unwrap();
    let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["knowledge.removed", "agent.updated", "knowledge.added"]);
}

#[tokio::test]
async fn a_deleted_document_is_gone_from_the_disk_too() {
    let app = start().await;
    let admin = Rest::new(&app, &["agents:read", "agents:write"]).await;
    let text = format!("The {WORD} again.");
    let added = upload(&admin, None, &[("a.txt", text.as_bytes())], 200).await;
    let holds = |app: &TestApp| {
        let bytes = app.database_bytes();
        bytes.windows(WORD.len()).any(|window| window == WORD.as_bytes())
    };
    assert!(holds(&app));
    let id = added["documents"][0]["id"].as_str().unwrap();
    admin
        .json(Method::DELETE, &format!("/agent/shop/knowledge/docs/{id}/"), None, 204)
        .await;
    assert!(!holds(&app));
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_and_keeps_the_others_from_nothing() {
    let app = start().await;
    let admin = Rest::new(&app, &["agents:read", "agents:write"]).await;
    let large = vec![b'a'; 2 * 1024 * 1024 + 1];
    let files: [(&str, &[u8]); 6] = [
        ("prices.pdf", b"%PDF-1.7"),
        ("noending", b"text"),
        ("latin.txt", b"caf\xe9"),
        ("binary.md", b"a\0b"),
        ("large.txt", &large),
        ("good.md", b"# Good"),
    ];
    let added = upload(&admin, Some("handbook"), &files, 200).await;
    assert_eq!(names(&added["documents"], "name"), ["good.md"]);
    assert_eq!(
        names(&added["problems"], "file"),
        ["prices.pdf", "noending", "latin.txt", "binary.md", "large.txt"]
    );
    let told = names(&added["problems"], "message");
    for (message, part) in told
        .iter()
        .zip([".md, .markdown", ".md, .markdown", "UTF-8", "not text", "2 MiB"])
    {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_file_takes_the_place_of_one_of_its_name_and_the_base_is_the_configuration_s_business() {
    let app = start().await;
    let admin = Rest::new(&app, &["agents:read", "agents:write"]).await;
    let first = upload(&admin, Some("one"), &[("a.md", b"# A\n\nOld.")], 200).await;
    let second = upload(&admin, None, &[("a.md", b"# A\n\nNew.")], 200).await;
    assert_eq!(first["documents"][0]["id"], second["documents"][0]["id"]);
    assert_eq!((&first["linked"], &second["linked"]), (&json!(true), &json!(false)));
    assert_eq!(second["base"], "one");
    let other = upload(&admin, Some("two"), &[("a.md", b"# A")], 200).await;
    assert_eq!(other["linked"], false);
    let shown = admin.get("/agent/shop/knowledge/").await;
    let told: Vec<(Value, Value, usize)> = shown["bases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|base| {
            (
                base["name"].clone(),
                base["is_used"].clone(),
                base["documents"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(told, [(json!("one"), json!(true), 1), (json!("two"), json!(false), 1)]);
    let both = json!({ "system_config": { "knowledge_bases": [{ "name": "one" }, { "name": "two" }] } });
    admin.json(Method::PATCH, "/agent/shop", Some(&both), 200).await;
    let refused = upload(&admin, None, &[("a.md", b"# A")], 400).await;
    assert!(
        refused["errors"][0]["message"].as_str().unwrap().contains("one, two"),
        "{refused}"
    );
    let refused = upload(&admin, Some("a/b"), &[("a.md", b"# A")], 400).await;
    assert_eq!(refused["errors"][0]["field"], "base");
}

#[tokio::test]
async fn it_takes_the_right_to_change_the_agent_and_a_form_with_a_file() {
    let app = start().await;
    let reader = Rest::new(&app, &["agents:read"]).await;
    assert_eq!(reader.get("/agent/shop/knowledge").await, json!({ "bases": [] }));
    upload(&reader, None, &[("a.md", b"# A")], 403).await;
    reader
        .json(Method::DELETE, "/agent/shop/knowledge/docs/doc_1", None, 403)
        .await;
    let writer = Rest::new(&app, &["agents:write"]).await;
    let body = json!({ "base": "docs" });
    let refused = writer
        .json(Method::POST, "/agent/shop/knowledge", Some(&body), 415)
        .await;
    assert!(
        refused["error"]["message"]
            .as_str()
            .unwrap()
            .contains("multipart/form-data")
    );
    upload(&writer, Some("docs"), &[], 400).await;
    writer
        .json(Method::POST, "/agent/nobody/knowledge", Some(&body), 404)
        .await;
    writer
        .json(Method::DELETE, "/agent/shop/knowledge/docs/doc_1", None, 404)
        .await;
}
