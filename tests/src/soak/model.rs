//! A vendor whose answers follow from the questions, so that every text of an answer can be judged; some are over at once,
//! some take seconds. It counts how often it was asked what.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const WORDS: [&str; 8] = ["tea", "日本語", "🙂", "مرحبا", "👩‍👩‍👧", "naïve", "中文", "שלום"];

/// A question that begins so gets an answer that no buffer holds, at once.
pub const FLOOD: &str = "flood";
const FLOOD_PIECES: usize = 250;
/// A question that begins so gets twenty short pieces, at once.
pub const QUICK: &str = "quick";

/// A running vendor, for as long as the program runs.
#[derive(Clone, Default)]
pub struct Model {
    asked: Arc<Mutex<HashMap<String, u64>>>,
    /// Where its API is.
    pub base_url: String,
}

impl Model {
    /// Listens on a free port.
    ///
    /// # Errors
    /// There is none.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let model = Self {
            base_url: format!("http://{}/v1/", listener.local_addr()?),
            ..Self::default()
        };
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(model.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(model)
    }

    /// How often it was asked this.
    pub fn asked(&self, question: &str) -> u64 {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(question).copied().unwrap_or(0)
    }

    /// How often it was asked anything.
    pub fn calls(&self) -> u64 {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.values().sum()
    }
}

/// The pieces of the answer to a question, and the pause before each.
fn script(question: &str) -> (Vec<String>, Duration) {
    if question.starts_with(FLOOD) {
        let pieces = (0..FLOOD_PIECES).map(|at| format!("{at:>1999} "));
        return (pieces.collect(), Duration::ZERO);
    }
    if question.starts_with(QUICK) {
        let pieces = (0..20).map(|at| format!("word{at} "));
        return (pieces.collect(), Duration::ZERO);
    }
    let mut hasher = DefaultHasher::new();
    question.hash(&mut hasher);
    let drawn = hasher.finish();
    let pieces = 4 + drawn % 60;
    let pause_ms = [0, 2, 10, 40][usize::try_from(drawn >> 32).unwrap_or(0) % 4];
    let word = |at: u64| WORDS[usize::try_from((drawn >> (at % 48)) % 8).unwrap_or(0)];
    let pieces = (0..pieces).map(|at| format!("{at}:{} ", word(at))).collect();
    (pieces, Duration::from_millis(pause_ms))
}

/// The whole answer to a question.
pub fn answer_to(question: &str) -> String {
    script(question).0.concat()
}

/// The last thing that the user said. Questions that nobody answered come together, as parts or as lines.
fn question_of(body: &Value) -> String {
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let last = messages.iter().rev().find(|message| message["role"] == "user");
    let content = last.map(|message| &message["content"]).unwrap_or(&Value::Null);
    let text = match content {
        Value::Array(parts) => parts.last().and_then(|part| part["text"].as_str()),
        content => content.as_str(),
    };
    text.and_then(|text| text.lines().last()).unwrap_or_default().to_owned()
}

async fn complete(State(model): State<Model>, Json(body): Json<Value>) -> Response {
    let question = question_of(&body);
    let question = question.as_str();
    *model
        .asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(question.to_owned())
        .or_default() += 1;
    let (pieces, pause) = script(question);
    let chunk = |delta: Value, reason: Value| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": reason });
        let chunk =
            json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice] });
        format!("data: {chunk}\n\n")
    };
    let mut frames: Vec<String> = pieces
        .into_iter()
        .map(|piece| chunk(json!({ "content": piece }), Value::Null))
        .collect();
    frames.push(chunk(json!({}), json!("stop")) + "data: [DONE]\n\n");
    let body = Body::from_stream(stream::unfold(frames.into_iter(), move |mut frames| async move {
        tokio::time::sleep(pause).await;
        let frame = frames.next()?;
        Some((Ok::<_, Infallible>(frame), frames))
    }));
    ([("content-type", "text/event-stream")], body).into_response()
}
