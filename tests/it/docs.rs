//! What the manuals print is run as printed: agent files, settings, commands, requests, queries, the snippet.

use std::collections::BTreeMap;

use atthene_protocol::visitor::{SendMessage, StartSession};
use atthene_server::cli::Cli;
use atthene_server::config::load::{Sources, load};
use atthene_server::config::{LimitSettings, Settings, UpstreamSettings};
use atthene_server::domain::agents::Draft;
use atthene_server::http::snippet::snippet;
use atthene_tests::{AgentSpec, TestApp};
use clap::Parser;
use clap::error::ErrorKind;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use sqlx::Connection;

const PAGES: [(&str, &str); 4] = [
    ("README.md", include_str!("../../README.md")),
    ("API.md", include_str!("../../docs/API.md")),
    ("EMBEDDING.md", include_str!("../../docs/EMBEDDING.md")),
    ("OPERATIONS.md", include_str!("../../docs/OPERATIONS.md")),
];

/// The fenced blocks in this language, of all pages, without the indentation of the list they stand in.
fn blocks(language: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (page, text) in PAGES {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let indent = line.len() - line.trim_start().len();
            let Some(told) = line.trim_start().strip_prefix("```") else {
                continue;
            };
            let block: Vec<&str> = lines
                .by_ref()
                .take_while(|line| line.trim() != "```")
                .map(|line| line.get(indent..).unwrap_or_default())
                .collect();
            if told == language {
                found.push((page, block.join("\n")));
            }
        }
    }
    found
}

/// The words of a command as a shell cuts them: quotes, and a backslash at the end of a line.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let command = command.replace("\\\n", " ");
    for character in command.chars() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    assert!(quote.is_none(), "an open quote: {command}");
    words
}

#[test]
fn every_agent_file_is_taken_without_a_warning() {
    let files = blocks("yaml");
    assert!(files.len() >= 2);
    for (page, text) in files {
        // A bare configuration, as the API takes it, is the inside of an agent's file.
        let text = if text.contains("system_config:") {
            text
        } else {
            let inside: String = text.lines().map(|line| format!("  {line}\n")).collect();
            format!("is_public: true\nsystem_config:\n{inside}")
        };
        let draft = Draft::read(&text, &|model| model == "builtin" || model.contains('/'))
            .unwrap_or_else(|notes| panic!("{page}: {notes:?}\n{text}"));
        assert!(draft.warnings.is_empty(), "{page}: {:?}", draft.warnings);
        assert_eq!(draft.is_public, Some(true));
    }
}

#[test]
fn every_settings_file_is_taken() {
    let files = blocks("toml");
    assert!(files.len() >= 3);
    let folder = tempfile::tempdir().unwrap();
    for (page, text) in files {
        let path = folder.path().join("a.toml");
        std::fs::write(&path, &text).unwrap();
        let sources = Sources {
            file: Some(path),
            ..Sources::default()
        };
        load(&sources).unwrap_or_else(|error| panic!("{page}: {error}\n{text}"));
    }
}

/// The commands of ours in shell blocks, and those that stand in the text between backquotes.
fn commands() -> Vec<(&'static str, String, bool)> {
    let mut found = Vec::new();
    for (page, text) in blocks("sh") {
        let lines = text.replace("\\\n", " ");
        found.extend(lines.lines().map(|line| (page, line.trim().to_owned(), false)));
    }
    for (page, text) in PAGES {
        let quoted = text
            .split("```")
            .step_by(2)
            .flat_map(|prose| prose.split('`').skip(1).step_by(2));
        found.extend(quoted.map(|code| (page, code.trim().to_owned(), true)));
    }
    found.retain(|(_, line, _)| line.starts_with("atthene ") || line.starts_with("target/debug/atthene "));
    found
}

#[test]
fn every_command_is_one_that_the_command_line_knows() {
    let commands = commands();
    assert!(commands.len() > 10, "{commands:?}");
    for (page, line, is_prose) in commands {
        // What follows is the shell's business.
        let line = line.split(['>', '|']).next().unwrap_or_default();
        if let Err(error) = Cli::try_parse_from(words(line)) {
            let is_help = matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            );
            // The text may name a command without what it works on.
            let is_named = is_prose && error.kind() == ErrorKind::MissingRequiredArgument;
            assert!(is_help || is_named, "{page}: {line}\n{error}");
        }
    }
}

async fn demo() -> TestApp {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "demo",
        origins: vec!["http://localhost:8081"],
        ..AgentSpec::default()
    })
    .await;
    app
}

#[tokio::test]
async fn every_curl_is_answered_as_the_page_says() {
    let app = demo().await;
    let (mut asked, mut printed) = (0, Vec::new());
    for (page, text) in blocks("sh").into_iter().filter(|(_, text)| text.starts_with("curl ")) {
        let (mut method, mut url, mut body) = (Method::GET, String::new(), None);
        let mut headers = Vec::new();
        let words = words(&text);
        let mut rest = words.iter().skip(1);
        while let Some(word) = rest.next() {
            let mut value = || {
                rest.next()
                    .unwrap_or_else(|| panic!("{page}: {word} has no value"))
                    .clone()
            };
            match word.as_str() {
                "-X" => method = value().parse().unwrap(),
                "-H" => headers.push(value()),
                "-d" => body = Some(value()),
                address if address.starts_with("http") => url = address.to_owned(),
                other => panic!("{page}: {other}"),
            }
        }
        let mut request = Client::new().request(method, url.replace("http://127.0.0.1:8080", &app.url()));
        for header in &headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let answer = request.body(body.unwrap_or_default()).send().await.unwrap();
        assert!(answer.status().is_success(), "{page}: {text}\n{}", answer.status());
        printed.push(answer.json::<Value>().await.unwrap());
        asked += 1;
    }
    assert!(asked > 0);
    // The page prints the answer to its first request, with every field that there is.
    let told = blocks("json")
        .into_iter()
        .find(|(_, text)| text.contains("\"last_seq\""))
        .unwrap()
        .1;
    let told: Value = serde_json::from_str(&told).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&told), names(&printed[0]));
}

#[tokio::test]
async fn every_body_is_json_and_those_of_requests_are_taken() {
    let app = demo().await;
    let visitor = atthene_tests::TestVisitor::new(&app.url(), "demo", "http://localhost:8081")
        .start()
        .await;
    let mut taken = BTreeMap::new();
    for (page, text) in blocks("json") {
        let body: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{page}: {error}\n{text}"));
        let fields = body.as_object().unwrap();
        if fields.contains_key("resume") && fields.contains_key("new") {
            let start: StartSession = serde_json::from_value(body.clone()).unwrap();
            assert_eq!(serde_json::to_value(start).unwrap(), body, "a field that is not read");
            let started = visitor.request(Method::POST, "/sessions").json(&body);
            assert_eq!(started.send().await.unwrap().status(), StatusCode::CREATED);
            taken.insert("start", page);
        } else if fields.len() == 2 && fields.contains_key("content") {
            let send: SendMessage = serde_json::from_value(body).unwrap();
            let sent = visitor.send(&send.client_id, &send.content).await;
            assert_eq!(sent.status(), StatusCode::ACCEPTED);
            taken.insert("send", page);
        }
    }
    assert_eq!(taken.len(), 2, "{taken:?}");
}

#[tokio::test]
async fn the_query_for_refused_origins_finds_them() {
    let app = demo().await;
    let refused = Client::new().get(format!("{}/public/v1/agents/demo", app.url()));
    let refused = refused
        .header("origin", "https://stranger.example")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let query = commands_of("sqlite3")
        .into_iter()
        .find(|words| words[2].starts_with("SELECT"))
        .unwrap();
    let path = app.dir.path().join("atthene.db");
    let mut database = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    for _ in 0..100 {
        let rows: Vec<(String, String)> = sqlx::query_as(sqlx::AssertSqlSafe(query[2].clone()))
            .fetch_all(&mut database)
            .await
            .unwrap();
        if rows
            .iter()
            .any(|(_, detail)| detail.contains("https://stranger.example"))
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the refusal is not found by: {}", query[2]);
}

fn commands_of(program: &str) -> Vec<Vec<String>> {
    let lines = blocks("sh").into_iter().map(|(_, text)| text);
    lines
        .filter(|text| text.starts_with(program))
        .map(|text| words(&text))
        .collect()
}

#[test]
fn the_snippet_of_the_readme_is_the_one_that_the_server_prints() {
    let printed = snippet("https://chat.example.com", "your_agent_key");
    let (_, first) = blocks("html")
        .into_iter()
        .find(|(page, _)| *page == "README.md")
        .unwrap();
    assert_eq!(first, printed);
    // The long form in the manual says the same.
    let dense = |text: &str| {
        text.chars()
            .filter(|character| !character.is_whitespace())
            .collect::<String>()
    };
    let (_, long) = blocks("html")
        .into_iter()
        .find(|(page, _)| *page == "EMBEDDING.md")
        .unwrap();
    assert_eq!(dense(&long), dense(&printed));
}

#[test]
fn the_tables_of_limits_say_the_defaults() {
    let operations = PAGES[3].1;
    let limits = serde_json::to_value(LimitSettings::default()).unwrap();
    let upstream = serde_json::to_value(UpstreamSettings::default()).unwrap();
    let rows = limits
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value));
    let more = upstream.as_object().unwrap().iter();
    for (name, value) in rows.chain(more.map(|(name, value)| (format!("upstream.{name}"), value))) {
        let row = format!("| `{name}` | {value} |");
        assert!(operations.contains(&row), "OPERATIONS.md has no row {row}");
    }
    let all = serde_json::to_value(Settings::default()).unwrap();
    for name in all.as_object().unwrap().keys() {
        let is_told = operations.contains(&format!("`{name}`")) || operations.contains(&format!("`{name}."));
        assert!(is_told, "OPERATIONS.md does not tell of {name}");
    }
}

#[test]
fn every_stable_code_of_an_error_is_in_the_manual() {
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/src");
    let (mut folders, mut codes) = (vec![std::path::PathBuf::from(sources)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let named = text.split("code: \"").skip(1);
            codes.extend(named.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()));
        }
    }
    assert!(codes.len() > 5, "{codes:?}");
    for code in codes
        .into_iter()
        .chain(["shutting_down".to_owned(), "origin_required".to_owned()])
    {
        assert!(
            PAGES[1].1.contains(&format!("`{code}`")),
            "API.md does not tell of {code}"
        );
    }
}
