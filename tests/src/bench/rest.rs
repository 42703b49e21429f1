//! A whole turn over REST: asked, kept, run, kept again, answered. Beside it the same question through the bare proxy,
//! and straight to the vendor. All in one run: figures of two runs say nothing about each other.
#![allow(clippy::print_stdout)]

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Client, Request};
use serde_json::{Value, json};

use super::load::{Measured, Until, send};
use super::process::Role;
use super::roles::{FIRST, LAST, TOKENS};

/// How much of it.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Turns of one client.
    alone: usize,
    /// Turns of all clients.
    together: usize,
}

/// How many send at once.
const CLIENTS: usize = 32;
/// Requests before anything counts: connections, caches, statements.
const WARM_UP: usize = 200;

impl Plan {
    /// Enough for figures.
    pub const WHOLE: Self = Self {
        alone: 1_000,
        together: 8_000,
    };
    /// Enough to see that it runs.
    pub const SHORT: Self = Self {
        alone: 50,
        together: 200,
    };
}

/// One way to get an answer.
struct Way<'a> {
    name: &'static str,
    role: &'a Role,
    requests: Vec<Request>,
    /// The same as a stream.
    streams: Vec<Request>,
}

/// What came of it.
struct Figures {
    alone: Measured,
    together: Measured,
    /// Until the first token.
    first: Option<Measured>,
    cpu_us: Option<f64>,
}

/// Measures and prints.
///
/// # Errors
/// A role does not start, or a request is not answered.
pub async fn run(plan: Plan) -> Result<()> {
    let upstream = Role::start(&["upstream"]).await?;
    let proxy = Role::start(&["proxy", upstream.address()]).await?;
    let server = Role::start(&["server", upstream.address()]).await?;
    let (ready, idle_mb) = (server.took, server.memory_kb().map(|kb| kb as f64 / 1_024.0));
    let count = WARM_UP + plan.alone + plan.together;
    let vendor = format!("http://{}/v1/chat/completions", upstream.address());
    let asked = json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": "Hi" }] });
    let direct = Way {
        name: "direct",
        role: &upstream,
        requests: same(&vendor, &asked, count)?,
        streams: same(&vendor, &asked, plan.alone)?,
    };
    let bare = Way {
        name: "bare proxy",
        role: &proxy,
        requests: same(
            &format!("http://{}/", proxy.address()),
            &json!({ "content": "Hi" }),
            count,
        )?,
        streams: Vec::new(),
    };
    let ours = Way {
        name: "server",
        role: &server,
        requests: turns(&server, count, "application/json").await?,
        streams: turns(&server, plan.alone, "text/event-stream").await?,
    };
    println!(
        "A whole turn of {TOKENS} tokens, over loopback; {} turns alone, {} of {CLIENTS} clients.",
        plan.alone, plan.together
    );
    let direct = measure(direct, plan).await?;
    let bare = measure(bare, plan).await?;
    let ours = measure(ours, plan).await?;
    print_table(&direct, &bare, &ours, ready, idle_mb);
    Ok(())
}

async fn measure(way: Way<'_>, plan: Plan) -> Result<Figures> {
    let mut requests = way.requests;
    let together = requests.split_off(WARM_UP + plan.alone);
    let alone = requests.split_off(WARM_UP);
    send(requests, CLIENTS, Until::End, LAST).await?;
    let alone = send(alone, 1, Until::End, LAST).await?;
    let first = if way.streams.is_empty() {
        None
    } else {
        Some(send(way.streams, 1, Until::Word, FIRST).await?)
    };
    let (before, count) = (way.role.cpu(), together.len());
    let together = send(together, CLIENTS, Until::End, LAST).await?;
    let cpu = way.role.cpu().zip(before).map(|(after, before)| after - before);
    let cpu_us = cpu.map(|cpu: Duration| cpu.as_secs_f64() * 1e6 / count as f64);
    println!(
        "{:<11} alone p50 {:.2} ms, p99 {:.2} ms | together {:.0}/s, p50 {:.2} ms, p99 {:.2} ms | CPU {} us each",
        way.name,
        alone.percentile_ms(50),
        alone.percentile_ms(99),
        together.per_second(),
        together.percentile_ms(50),
        together.percentile_ms(99),
        told(cpu_us, 0),
    );
    Ok(Figures {
        alone,
        together,
        first,
        cpu_us,
    })
}

/// The lines of BAR.md P that this bench covers.
fn print_table(direct: &Figures, bare: &Figures, ours: &Figures, ready: Duration, idle_mb: Option<f64>) {
    let line = |what: &str, bar: &str, server: String, bare: String| {
        println!("| {what:<42} | {bar:>7} | {server:>9} | {bare:>10} |");
    };
    let over = |way: &Figures| way.alone.percentile_ms(50) - direct.alone.percentile_ms(50);
    let first = |percent: usize| {
        let first_of = |way: &Figures| way.first.as_ref().map(|first| first.percentile_ms(percent));
        first_of(ours).zip(first_of(direct)).map(|(ours, direct)| ours - direct)
    };
    let none = || "-".to_owned();
    println!();
    line("what", "bar", "server".to_owned(), "bare proxy".to_owned());
    line("---", "---", "---".to_owned(), "---".to_owned());
    line(
        "start to ready, ms",
        "200",
        format!("{:.0}", ready.as_secs_f64() * 1e3),
        none(),
    );
    line("idle memory, MB", "20", told(idle_mb, 1), none());
    line(
        "whole turn over direct, p50, ms",
        "+1",
        format!("{:+.2}", over(ours)),
        format!("{:+.2}", over(bare)),
    );
    let ratio = ours.together.per_second() / bare.together.per_second();
    line(
        "turns/s of 32 clients, to the bare proxy",
        "0.3",
        format!("{ratio:.2}"),
        "1".to_owned(),
    );
    line(
        "CPU of a whole turn, us",
        "150",
        told(ours.cpu_us, 0),
        told(bare.cpu_us, 0),
    );
    let cpu_ratio = ours.cpu_us.zip(bare.cpu_us).map(|(ours, bare)| ours / bare);
    line(
        "CPU of a whole turn, to the bare proxy",
        "4.2",
        told(cpu_ratio, 1),
        "1".to_owned(),
    );
    line("first token over direct, p50, ms", "+1", told(first(50), 2), none());
    line("first token over direct, p99, ms", "+5", told(first(99), 2), none());
}

fn told(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(|| "?".to_owned(), |figure| format!("{figure:.digits$}"))
}

fn same(url: &str, body: &Value, count: usize) -> Result<Vec<Request>> {
    let request = Client::new().post(url).json(body).build()?;
    let again = || request.try_clone().context("a body in memory");
    (0..count).map(|_| again()).collect()
}

/// A message each in sessions of their own: none waits for another, and none has more to read than another.
async fn turns(server: &Role, count: usize, accept: &str) -> Result<Vec<Request>> {
    let secret = server.told.get(1).context("the server tells a key")?;
    let client = Client::builder().no_proxy().build()?;
    let base = format!("http://{}/api/v1", server.address());
    let mut requests = Vec::with_capacity(count);
    while requests.len() < count {
        let missing = (count - requests.len()).min(CLIENTS);
        let opened = (0..missing).map(|_| {
            let start = client
                .post(format!("{base}/sessions/from-agent/"))
                .header("x-api-key", secret);
            start.json(&json!({ "agent_key": "bench" })).send()
        });
        for opened in futures_util::future::join_all(opened).await {
            let opened: Value = opened?.error_for_status()?.json().await?;
            let session = opened["session_id"].as_str().context("a session has an id")?;
            let turn = client
                .post(format!("{base}/runtime/{session}/execute"))
                .header("accept", accept)
                .header("x-api-key", secret);
            requests.push(turn.json(&json!({ "content": "Hi" })).build()?);
        }
    }
    Ok(requests)
}
