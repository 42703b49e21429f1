//! What is measured: a vendor that answers at once, a bare proxy in front of it, and the server. Each prints its address.
#![allow(clippy::print_stdout)]

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use atthene_protocol::ids::WorkspaceId;
use atthene_server::boot::Overrides;
use atthene_server::config::{ProviderKind, ProviderSettings, Settings};
use atthene_server::domain::agents::{Draft, apply};
use atthene_server::domain::clock::{Clock, SystemClock};
use atthene_server::domain::keys::{KeyBook, KeyDraft};
use atthene_server::serve::Server;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use futures_util::{SinkExt, StreamExt};
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::sync::CancellationToken;

/// The pieces of an answer.
pub const TOKENS: usize = 20;
/// The first of them.
pub const FIRST: &str = "word0 ";
/// The last of them.
pub const LAST: &str = "word19 ";
/// The agent that is asked.
pub const AGENT: &str = "bench";
/// Where its page is.
pub const ORIGIN: &str = "https://bench.example";
/// More than any load.
const NO_LIMIT: u32 = 100_000_000;

async fn listener() -> Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    Ok(listener)
}

/// A vendor whose answer is always the same twenty tokens, at once.
///
/// # Errors
/// There is no free port.
pub async fn upstream() -> Result<()> {
    let chunk = |delta: Value, reason: Value| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": reason });
        let chunk =
            json!({ "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice] });
        format!("data: {chunk}\n\n")
    };
    let mut body: String = (0..TOKENS)
        .map(|at| chunk(json!({ "content": format!("word{at} ") }), Value::Null))
        .collect();
    body.push_str(&chunk(json!({}), json!("stop")));
    let usage = json!({ "prompt_tokens": 9, "completion_tokens": TOKENS, "total_tokens": 9 + TOKENS });
    let last = json!({ "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage });
    body.push_str(&format!("data: {last}\n\ndata: [DONE]\n\n"));
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let answer: Arc<[u8]> = Arc::from((head + &body).into_bytes());
    let listener = listener().await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let answer = Arc::clone(&answer);
        // A client that goes away is the end of its connection.
        tokio::spawn(async move { answer_all(socket, &answer).await.ok() });
    }
}

/// Answers each request of a connection: a head, and a body of the length that it names.
async fn answer_all(mut socket: TcpStream, answer: &[u8]) -> Result<()> {
    let mut read = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            if socket.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let whole = end + length.map_or(Ok(0), |length| length.trim().parse::<usize>())?;
        while read.len() < whole {
            if socket.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        read.drain(..whole);
        socket.write_all(answer).await?;
    }
}

/// The limit: axum in front of reqwest, reading the stream and answering the whole text. It checks and keeps nothing.
///
/// # Errors
/// There is no free port.
pub async fn proxy(upstream: &str) -> Result<()> {
    let client = Client::builder().no_proxy().build()?;
    let url = format!("http://{upstream}/v1/chat/completions");
    let router = Router::new().route("/", post(pass_on)).with_state((client, url));
    let listener = listener().await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// The same limit for streams: each piece of the vendor goes on to a socket as it comes.
///
/// # Errors
/// There is no free port.
pub async fn socket_proxy(upstream: &str) -> Result<()> {
    let client = Client::builder().no_proxy().build()?;
    let url = format!("http://{upstream}/v1/chat/completions");
    let listener = listener().await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (client, url) = (client.clone(), url.clone());
        // A client that goes away is the end of its connection.
        tokio::spawn(async move { pass_pieces_on(stream, client, url).await.ok() });
    }
}

async fn pass_pieces_on(stream: TcpStream, client: Client, url: String) -> Result<()> {
    let config = WebSocketConfig::default().read_buffer_size(4_096);
    let mut socket = accept_async_with_config(stream, Some(config)).await?;
    while let Some(Ok(asked)) = socket.next().await {
        let Message::Text(asked) = asked else { continue };
        let asked: Value = serde_json::from_str(&asked)?;
        let asked =
            json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": asked["content"] }] });
        let mut answer = client.post(&url).json(&asked).send().await?;
        let mut read = Vec::new();
        while let Some(bytes) = answer.chunk().await? {
            read.extend_from_slice(&bytes);
            while let Some(at) = read.windows(2).position(|pair| pair == b"\n\n") {
                let line: Vec<u8> = read.drain(..at + 2).collect();
                let data = line.strip_prefix(b"data: ").unwrap_or_default();
                let Ok(piece) = serde_json::from_slice::<Value>(data) else {
                    continue;
                };
                let delta = &piece["choices"][0]["delta"]["content"];
                if delta.is_string() {
                    let event = json!({ "event": { "type": "TEXT_MESSAGE_CONTENT", "delta": delta } });
                    socket.send(Message::text(event.to_string())).await?;
                }
            }
        }
    }
    Ok(())
}

async fn pass_on(State((client, url)): State<(Client, String)>, Json(body): Json<Value>) -> Json<Value> {
    let asked = json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": body["content"] }] });
    let answer = client
        .post(url)
        .json(&asked)
        .send()
        .await
        .expect("the upstream answers");
    let text = answer.text().await.expect("the upstream answers in whole");
    let said = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let said = said.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    let content: String = said
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
        .collect();
    Json(json!({ "content": content }))
}

/// The server as it is shipped, over a new database, with one agent and one key; prints the key as well.
///
/// # Errors
/// It cannot start.
pub async fn server(upstream: &str) -> Result<()> {
    let dir = TempDir::new()?;
    let mut settings = Settings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        console_listen: String::new(),
        database_url: format!("sqlite:{}", dir.path().join("atthene.db").display()),
        data_dir: dir.path().to_owned(),
        ..Settings::default()
    };
    let limits = &mut settings.limits;
    (limits.key_requests_per_min, limits.agent_messages_per_min) = (NO_LIMIT, NO_LIMIT);
    (limits.address_sessions_per_min, limits.address_messages_per_min) = (NO_LIMIT, NO_LIMIT);
    (limits.visitor_messages_per_min, limits.address_sockets) = (NO_LIMIT, NO_LIMIT);
    let provider = ProviderSettings {
        kind: ProviderKind::Openai,
        base_url: format!("http://{upstream}/v1/"),
        api_key: None,
        api_key_env: None,
        can_see: None,
    };
    settings.providers.insert("bench".to_owned(), provider);
    let server = Server::bind(settings.clone(), Overrides::default()).await?;
    let (state, store) = (&server.booted.state, &server.booted.store);
    let body = json!({ "agent_key": AGENT, "is_public": true, "allowed_origins": [ORIGIN], "system_config": {
        "name": "Bench", "agent_type": "llm_agent", "system_prompt": "Be short.", "llm_config": { "model": "bench/m" },
    } });
    let draft = Draft::from_value(&body, &|model| settings.knows_model(model));
    let draft = draft.map_err(|notes| anyhow::anyhow!("{notes:?}"))?;
    let (workspace, now) = (WorkspaceId::default_workspace(), SystemClock.now());
    apply(store.as_ref(), &workspace, &draft, now, "bench").await?;
    let key = KeyDraft {
        name: "Bench".to_owned(),
        ..KeyDraft::default()
    };
    let keys = KeyBook::new(Arc::clone(store), Some(Arc::clone(&state.table)));
    let minted = keys.create(key, &workspace, None, "bench", now).await;
    let minted = minted.ok().context("a key can be made")?;
    state.table.refresh(store.as_ref()).await?;
    println!("{} {}", server.address, minted.secret);
    server.run(CancellationToken::new()).await;
    Ok(())
}
