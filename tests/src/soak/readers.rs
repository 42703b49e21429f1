//! `soak readers`: many readers ask for an answer that no buffer holds, and take nothing of it. What that costs the server
//! in memory, and the others in the time to their first token, is printed; both are measured in one run.
#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::model::{FLOOD, Model, QUICK};
use super::server::{AGENT, Ground, ORIGIN, Serving};
use crate::sse::EventReader;

/// Those who read.
const OTHERS: usize = 10;
/// How many questions each of them asks for one figure.
const QUESTIONS: usize = 60;
/// So many readers come at once.
const AT_ONCE: usize = 10;
/// How long a turn may take that nobody reads.
const PATIENCE: Duration = Duration::from_secs(180);

/// Measures and prints.
///
/// # Errors
/// The server does not start, or does not answer.
pub async fn run(stalled: usize) -> Result<()> {
    let model = Model::start().await?;
    let mut ground = Ground::new(&model.base_url).await?;
    // They are to stay for as long as is measured.
    ground.set("ATTHENE__LIMITS__SLOW_READER_TIMEOUT_MS", "600000");
    let serving = ground.start()?.listening().await?;
    let client = Client::builder().no_proxy().build()?;
    // Connections, caches and statements first.
    first_tokens(&serving, &client).await?;
    let (alone, memory) = (first_tokens(&serving, &client).await?, resident_kib(&serving)?);
    let mut lines = Vec::with_capacity(stalled);
    let mut most = memory;
    while lines.len() < stalled {
        let count = AT_ONCE.min(stalled - lines.len());
        let coming = (0..count).map(|_| stall(&serving, &client));
        lines.extend(futures_util::future::try_join_all(coming).await?);
        most = most.max(resident_kib(&serving)?);
    }
    let (beside, after) = (first_tokens(&serving, &client).await?, resident_kib(&serving)?);
    let mib = |kib: u64| kib.saturating_sub(memory) as f64 / 1_024.0;
    println!("{stalled} readers that take nothing of an answer of 500 kB each:");
    println!(
        "memory {:.1} MiB, then +{:.1} MiB, at most +{:.1} MiB (bar: +64)",
        memory as f64 / 1_024.0,
        mib(after),
        mib(most)
    );
    for percent in [50, 99] {
        let (alone, beside) = (percentile_ms(&alone, percent), percentile_ms(&beside, percent));
        println!(
            "first token of the others, p{percent}: {alone:.2} ms alone, {beside:.2} ms beside them, {:+.0} % (bar for p99: +20 %)",
            (beside / alone - 1.0) * 100.0
        );
    }
    drop(lines);
    serving.kill().await
}

fn percentile_ms(took: &[Duration], percent: usize) -> f64 {
    let at = (took.len() * percent / 100).min(took.len().saturating_sub(1));
    took.get(at).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}

fn request(serving: &Serving, client: &Client, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/public/v1/agents/{AGENT}{path}", serving.url);
    client.request(method, url).header("origin", ORIGIN)
}

/// A new session: its id and its token.
async fn session(serving: &Serving, client: &Client) -> Result<(String, String)> {
    let started = request(serving, client, Method::POST, "/sessions").json(&json!({}));
    let started: Value = started.send().await?.error_for_status()?.json().await?;
    let text = |name: &str| started[name].as_str().map(str::to_owned).context("a session");
    Ok((text("session_id")?, text("token")?))
}

async fn ask(
    serving: &Serving,
    client: &Client,
    id: &str,
    token: &str,
    client_id: &str,
    text: &str,
) -> Result<Response> {
    let message = request(serving, client, Method::POST, &format!("/sessions/{id}/messages"));
    let message = message.bearer_auth(token);
    let sent = message.json(&json!({ "client_id": client_id, "content": text })).send();
    Ok(sent.await?.error_for_status()?)
}

/// How long some visitors wait from sending to the first piece of text, sorted.
async fn first_tokens(serving: &Serving, client: &Client) -> Result<Vec<Duration>> {
    let visitors = (0..OTHERS).map(|_| async {
        let (id, token) = session(serving, client).await?;
        let path = format!("/sessions/{id}/events");
        let events = request(serving, client, Method::GET, &path).bearer_auth(&token).send();
        let mut reader = EventReader::new(events.await?.error_for_status()?);
        let mut took = Vec::with_capacity(QUESTIONS);
        for number in 0..QUESTIONS {
            let sent = Instant::now();
            ask(serving, client, &id, &token, &number.to_string(), QUICK).await?;
            reader.until("TEXT_MESSAGE_CONTENT").await;
            took.push(sent.elapsed());
            reader.until("RUN_FINISHED").await;
        }
        Ok::<_, anyhow::Error>(took)
    });
    let mut took = futures_util::future::try_join_all(visitors).await?.concat();
    took.sort();
    Ok(took)
}

/// A reader who takes the head of the answer and nothing after it; comes back when its turn is over.
async fn stall(serving: &Serving, client: &Client) -> Result<TcpStream> {
    let (id, token) = session(serving, client).await?;
    let address = serving.url.strip_prefix("http://").context("an address")?;
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4_096)?;
    let mut line = socket.connect(address.parse()?).await?;
    let head = format!(
        "GET /public/v1/agents/{AGENT}/sessions/{id}/events HTTP/1.1\r\nhost: {address}\r\norigin: {ORIGIN}\r\n\
         authorization: Bearer {token}\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await?;
    let mut status = [0; 15];
    line.read_exact(&mut status).await?;
    ensure!(&status == b"HTTP/1.1 200 OK", "{}", String::from_utf8_lossy(&status));
    ask(serving, client, &id, &token, "1", FLOOD).await?;
    let begun = Instant::now();
    let path = format!("/sessions/{id}/messages");
    while begun.elapsed() < PATIENCE {
        let history = request(serving, client, Method::GET, &path).bearer_auth(&token).send();
        let history: Value = history.await?.error_for_status()?.json().await?;
        match history["messages"][1]["status"].as_str() {
            Some("completed") => return Ok(line),
            Some("running") => {}
            other => bail!("a turn that nobody reads ended as {other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("a turn that nobody reads does not end")
}

/// What the server holds in memory.
fn resident_kib(serving: &Serving) -> Result<u64> {
    let id = serving.id().context("it runs")?;
    let status =
        std::fs::read_to_string(format!("/proc/{id}/status")).context("only Linux tells the memory of others")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).context("VmRSS")?;
    Ok(kib.parse()?)
}
