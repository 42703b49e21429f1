//! A server that speaks (or mis-speaks) the chat completions API on a real socket, byte by byte as a test wants it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use atthene_server::config::{ProviderKind, ProviderSettings, Secret, Settings};
use atthene_server::llm::{self, Llm, ModelError, ModelEvent, ModelMessage, ModelRequest};
use atthene_server::model::conversation::Role;
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The key that every test's provider has.
pub(crate) const KEY: &str = "sk-test-0123456789abcdef";

type Answer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A running server; ends when dropped.
pub(crate) struct Upstream {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Upstream {
    /// Answers the n-th request (from 0) with what `answer` does to its socket.
    pub(crate) async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(usize, TcpStream) -> A + Send + Sync + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        let answer = Arc::new(move |number, socket| -> Answer { Box::pin(answer(number, socket)) });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                tokio::spawn(async move {
                    let request = read_request(&mut socket).await;
                    let number = {
                        let mut seen = seen.lock().expect("no panic before");
                        seen.push(request);
                        seen.len() - 1
                    };
                    answer(number, socket).await;
                });
            }
        });
        Self { port, requests, task }
    }

    /// Answers every request with the same bytes, in these writes, and closes.
    pub(crate) async fn always(writes: Vec<Vec<u8>>) -> Self {
        let writes = Arc::new(writes);
        Self::start(move |_, mut socket| {
            let writes = Arc::clone(&writes);
            async move {
                for write in writes.iter() {
                    if socket.write_all(write).await.is_err() {
                        return;
                    }
                    let _ = socket.flush().await;
                    tokio::task::yield_now().await;
                }
                let _ = socket.shutdown().await;
            }
        })
        .await
    }

    /// Answers the n-th request (from 0) with the same bytes in two writes, cut at byte `from + n`.
    pub(crate) async fn cut_anywhere(stream: Vec<u8>, from: usize) -> Self {
        let stream = Arc::new(stream);
        Self::start(move |number, mut socket| {
            let stream = Arc::clone(&stream);
            async move {
                let _ = socket.set_nodelay(true);
                let (head, tail) = stream.split_at((from + number).min(stream.len()));
                let _ = socket.write_all(head).await;
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                let _ = socket.write_all(tail).await;
                let _ = socket.shutdown().await;
            }
        })
        .await
    }

    /// The requests so far, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic before").clone()
    }

    /// Settings with this server as the provider `mock`, without retries.
    pub(crate) fn settings(&self) -> Settings {
        settings(self.port)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Settings whose provider `mock` is at a port and speaks chat completions.
pub(crate) fn settings(port: u16) -> Settings {
    settings_of(ProviderKind::Openai, format!("http://127.0.0.1:{port}/v1"))
}

/// Settings whose provider `mock` speaks so, at an address; its models can see.
pub(crate) fn settings_of(kind: ProviderKind, base_url: String) -> Settings {
    let mut settings = Settings::default();
    settings.upstream.retries = 0;
    settings.providers.insert(
        "mock".to_owned(),
        ProviderSettings {
            kind,
            base_url,
            api_key: Some(Secret::new(KEY)),
            api_key_env: None,
            can_see: Some(vec!["seeing*".to_owned()]),
        },
    );
    settings
}

async fn read_request(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")
                        .map(str::to_owned)
                })
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return text;
            }
        }
        match socket.read(&mut chunk).await {
            Ok(0) | Err(_) => return text,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// The head of a 200 with a stream that ends when the connection does.
pub(crate) const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// A content event.
pub(crate) fn delta(text: &str) -> String {
    let json = serde_json::json!({"id": "c", "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    format!("data: {json}\n\n")
}

/// The last events of a good stream.
pub(crate) fn end() -> String {
    let finish = serde_json::json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let usage =
        serde_json::json!({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}});
    format!("data: {finish}\n\ndata: {usage}\n\ndata: [DONE]\n\n")
}

/// An answer that is not a stream.
pub(crate) fn whole(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What came of a question.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) usage: Option<(u64, u64)>,
    /// Whether it reached its most tokens.
    pub(crate) is_cut_short: bool,
    pub(crate) errors: Vec<ModelError>,
    /// Items after the first error; must stay 0.
    pub(crate) after_error: usize,
}

/// Asks `model` one question through everything that `llm::open` puts together.
pub(crate) async fn ask(settings: &Settings, model: &str) -> Outcome {
    let llm = llm::open(settings, &|_| None).expect("good settings");
    ask_of(&*llm, model).await
}

/// Asks one question.
pub(crate) async fn ask_of(llm: &dyn Llm, model: &str) -> Outcome {
    outcome_of(llm, question(model)).await
}

/// The question that `ask` asks.
pub(crate) fn question(model: &str) -> ModelRequest {
    ModelRequest {
        model: model.to_owned(),
        system: "Be kind.".to_owned(),
        messages: vec![ModelMessage::text(Role::User, "What is this?")],
        ..ModelRequest::default()
    }
}

/// What comes of a question.
pub(crate) async fn outcome_of(llm: &dyn Llm, request: ModelRequest) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stream = match llm.ask(request).await {
        Ok(stream) => stream,
        Err(error) => {
            outcome.errors.push(error);
            return outcome;
        }
    };
    while let Some(item) = stream.next().await {
        if !outcome.errors.is_empty() {
            outcome.after_error += 1;
        }
        match item {
            Ok(ModelEvent::Text(text)) => outcome.text.push_str(&text),
            Ok(ModelEvent::Thinking | ModelEvent::Call { .. }) => {}
            Ok(ModelEvent::CutShort) => outcome.is_cut_short = true,
            Ok(ModelEvent::Usage {
                input_tokens,
                output_tokens,
            }) => outcome.usage = Some((input_tokens, output_tokens)),
            Err(error) => outcome.errors.push(error),
        }
    }
    outcome
}
