//! Retrieval quality: questions as people ask them, over the project's own documentation, with the file that answers.

use std::collections::BTreeSet;
use std::path::Path;

use atthene_server::domain::knowledge::AgentKnowledge;
use atthene_server::model::time::Timestamp;
use atthene_server::runner::Knowledge;

use super::folder::{Shelf, shelf};

/// The least share of questions whose file must be among the first three passages.
const RECALL: f64 = 0.9;

/// A question, and the files of which each answers it.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("How do I put the chat widget on my website?", &["EMBEDDING.md"]),
    ("Which options does AttheneChat.init take?", &["EMBEDDING.md"]),
    ("How can I change the primary color of the widget?", &["EMBEDDING.md"]),
    ("What does data-agent-key do with an async script?", &["EMBEDDING.md"]),
    ("Can I make the chat open by itself with autoOpen?", &["EMBEDDING.md"]),
    ("How do I move the launcher to the bottom left?", &["EMBEDDING.md"]),
    ("Does the widget have a dark theme?", &["EMBEDDING.md"]),
    ("Which Content-Security-Policy does the page need?", &["EMBEDDING.md"]),
    ("How do I listen to the message event in my page?", &["EMBEDDING.md"]),
    (
        "How do I send a message from JavaScript with sendMessage?",
        &["EMBEDDING.md"],
    ),
    (
        "Where do I set the welcome message and the placeholder?",
        &["EMBEDDING.md"],
    ),
    ("How do I remove the widget again with destroy?", &["EMBEDDING.md"]),
    (
        "Why does the widget disappear from my page and log that the origin is refused?",
        &["EMBEDDING.md", "OPERATIONS.md"],
    ),
    (
        "Which environment variable or setting holds the database path?",
        &["OPERATIONS.md"],
    ),
    ("How do I back up the SQLite database?", &["OPERATIONS.md"]),
    (
        "How do I connect Ollama or another OpenAI-compatible model provider?",
        &["OPERATIONS.md"],
    ),
    ("Where does the API key of a model vendor go?", &["OPERATIONS.md"]),
    (
        "How do I add documents to an agent's knowledge base?",
        &["OPERATIONS.md"],
    ),
    ("What does trusted_proxies mean behind nginx?", &["OPERATIONS.md"]),
    (
        "Which health and readiness endpoints are there?",
        &["OPERATIONS.md", "API.md"],
    ),
    (
        "How do I set the rate limits for visitors?",
        &["OPERATIONS.md", "API.md"],
    ),
    ("How do I create a session over HTTP?", &["API.md"]),
    ("How do I resume the event stream with Last-Event-ID?", &["API.md"]),
    ("What does the error code origin_not_allowed mean?", &["API.md"]),
    ("Which events does a turn send over SSE?", &["API.md"]),
    ("How do I stop or retry a running turn?", &["API.md"]),
    (
        "How long does the visitor's access token live and how is it renewed?",
        &["API.md"],
    ),
];

#[tokio::test]
async fn questions_find_the_file_that_answers_them() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let Shelf {
        store,
        workspace,
        agent,
        ..
    } = &shelf().await;
    let mut ignore = |_| ();
    atthene_server::domain::knowledge::add_folder(&**store, workspace, agent, "docs", &docs, Timestamp(0), &mut ignore)
        .await
        .expect("docs/ can be indexed");
    let known: BTreeSet<String> = store
        .list_documents(workspace, agent, "docs")
        .await
        .expect("the store works")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    for (_, files) in QUESTIONS {
        assert!(
            files.iter().any(|file| known.contains(*file)),
            "docs/ has none of {files:?}: {known:?}"
        );
    }
    let knowledge = AgentKnowledge {
        store: store.clone(),
        workspace: workspace.clone(),
        agent: Some(agent.clone()),
        bases: vec!["docs".to_owned()],
    };
    let (mut right, mut first) = (0, 0);
    for (question, files) in QUESTIONS {
        let found = knowledge.search(question, 3).await;
        let paths: Vec<&str> = found.iter().map(|found| found.passage.path.as_str()).collect();
        first += i32::from(paths.first().is_some_and(|path| files.contains(path)));
        if paths.iter().any(|path| files.contains(path)) {
            right += 1;
        } else {
            println!("missed: {question} -> {paths:?}, not {files:?}");
        }
    }
    let recall = f64::from(right) / QUESTIONS.len() as f64;
    println!("recall@3 over docs/: {recall:.3} ({right} of {})", QUESTIONS.len());
    let recall_1 = f64::from(first) / QUESTIONS.len() as f64;
    println!("recall@1 over docs/: {recall_1:.3} ({first} of {})", QUESTIONS.len());
    assert!(recall >= RECALL, "recall@3 is {recall:.3}, below {RECALL}");
}
