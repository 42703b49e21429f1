//! What `builtin` answers over the project's own documentation, as a visitor reads it in a chat bubble: from the file
//! that answers, short, and without walls of code. `--nocapture` prints the answers for a person to read.

use std::path::Path;
use std::time::Duration;

use atthene_server::domain::knowledge::{AgentKnowledge, add_folder};
use atthene_server::llm::builtin::Builtin;
use atthene_server::llm::{ModelEvent, ModelMessage, ModelRequest};
use atthene_server::model::conversation::Role;
use atthene_server::model::time::Timestamp;
use atthene_server::runner::Knowledge;
use futures_util::StreamExt;

use super::folder::{Shelf, shelf};

/// As many passages as a turn hands to a model.
const PASSAGES: u32 = 6;
/// How long the quoted part of an answer may be, in characters.
const QUOTED_MAX: usize = 700;

/// The least share of questions whose first source is the right section.
const RIGHT: f64 = 0.8;
/// The question that every visitor of the demo asks first: its answer must be right.
const MUST: &str = "How do I embed the widget in my site?";

/// A question, and a word of the heading that its first source must have.
const QUESTIONS: &[(&str, &str)] = &[
    ("How do I embed the widget in my site?", "Put the chat on your website"),
    ("How do I put the chat widget on my website?", "Which code do I paste"),
    ("Which options are there?", "Which options are there?"),
    (
        "How can I change the color of the widget?",
        "Put the chat on your website",
    ),
    ("Can I move the launcher to the left?", "Put the chat on your website"),
    (
        "Does it work with a strict Content Security Policy?",
        "Content Security Policy",
    ),
    ("The chat button does not show up. Why?", "chat button does not show"),
    ("How do I develop on localhost?", "develop on localhost"),
    ("How do I back up the database?", "back up the SQLite database"),
    ("How do I connect Ollama?", "connect Ollama"),
    ("Can I use Claude?", "Anthropic"),
    ("Where do I put my API key?", "API key"),
    ("How do I add documents to the knowledge base?", "add documents"),
    ("How do I create a session over HTTP?", "create a session"),
    ("What does origin_not_allowed mean?", "origin_not_allowed"),
    ("Which browsers are supported?", "browsers"),
    ("How do I stop the server?", "stop the server"),
    ("How long do you keep my data?", "How long is data kept"),
];

/// More of them, on which nothing was tuned.
const UNSEEN: &[(&str, &str)] = &[
    ("How do I rotate the token secret?", "Which secrets sign"),
    ("How do I upgrade to a new version?", "How do I upgrade"),
    ("Where are the logs?", "What is in the log"),
    ("How do I delete an agent?", "change them or delete"),
    ("Is there a health check?", "health and readiness"),
    ("How do I run the demo?", "run the demo"),
    ("How do I listen for events in JavaScript?", "Which events are there"),
    ("What is the rate limit?", "rate limits"),
    ("Does the widget slow down my page?", "cost my page"),
    ("Can I use it behind nginx?", "behind nginx"),
    ("How do I retry a failed answer over the API?", "stop or retry"),
    ("How can I allow a subdomain?", "allowed origin look like"),
];

#[tokio::test]
async fn answers_read_well_in_a_chat_bubble() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let Shelf {
        store,
        workspace,
        agent,
        ..
    } = &shelf().await;
    let mut ignore = |_| ();
    add_folder(&**store, workspace, agent, "docs", &docs, Timestamp(0), &mut ignore)
        .await
        .expect("docs/ can be indexed");
    let knowledge = AgentKnowledge {
        store: store.clone(),
        workspace: workspace.clone(),
        agent: Some(agent.clone()),
        bases: vec!["docs".to_owned()],
    };
    let (mut too_long, mut right) = (Vec::new(), [0, 0]);
    for (at, (question, heading)) in QUESTIONS.iter().chain(UNSEEN).enumerate() {
        let request = ModelRequest {
            messages: vec![ModelMessage::text(Role::User, *question)],
            passages: knowledge.search(question, PASSAGES).await,
            ..ModelRequest::default()
        };
        let answer = Builtin::new(Duration::ZERO)
            .answer(&request)
            .map(|event| match event {
                Ok(ModelEvent::Text(text)) => text,
                other => panic!("{other:?}"),
            })
            .collect::<String>()
            .await;
        println!("=== {question}\n{answer}\n");
        let quoted: usize = answer
            .lines()
            .filter(|line| line.starts_with('>'))
            .map(|line| line.chars().count())
            .sum();
        let first_source = answer
            .split_once("**Sources:** ")
            .map_or("", |(_, sources)| sources.split(" · ").next().unwrap_or_default());
        if first_source.contains(heading) {
            right[usize::from(at >= QUESTIONS.len())] += 1;
        } else {
            println!("!!! the first source is {first_source:?}, not {heading:?}\n");
            assert_ne!(*question, MUST, "{answer}");
        }
        if quoted > QUOTED_MAX {
            too_long.push(format!("{question}: {quoted} characters are quoted"));
        }
    }
    println!(
        "first source right: {} of {} tuned on, {} of {} unseen",
        right[0],
        QUESTIONS.len(),
        right[1],
        UNSEEN.len()
    );
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
    let share = f64::from(right[0] + right[1]) / (QUESTIONS.len() + UNSEEN.len()) as f64;
    assert!(share >= RIGHT, "only {share:.3} of the first sources are right");
}
