//! A whole turn over REST: asked, kept, run, kept again, answered. Beside it the same question through the bare proxy,
//! and straight to the vendor. All three in one run: figures of two runs say nothing about each other.
#![allow(clippy::print_stdout)]

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Client, Request};
use serde_json::{Value, json};

use super::load::{Measured, send};
use super::process::Role;
use super::roles::{LAST, TOKENS};

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
}

/// Measures and prints.
///
/// # Errors
/// A role does not start, or a request is not answered.
pub async fn run(plan: Plan) -> Result<()> {
    let upstream = Role::start(&["upstream"]).await?;
    let proxy = Role::start(&["proxy", upstream.address()]).await?;
    let server = Role::start(&["server", upstream.address()]).await?;
    let count = WARM_UP + plan.alone + plan.together;
    let ways = [
        Way {
            name: "direct",
            role: &upstream,
            requests: same(
                &format!("http://{}/v1/chat/completions", upstream.address()),
                &json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": "Hi" }] }),
                count,
            )?,
        },
        Way {
            name: "bare proxy",
            role: &proxy,
            requests: same(
                &format!("http://{}/", proxy.address()),
                &json!({ "content": "Hi" }),
                count,
            )?,
        },
        Way {
            name: "server",
            role: &server,
            requests: turns(&server, count).await?,
        },
    ];
    println!(
        "A whole turn of {TOKENS} tokens, over loopback; {} turns alone, {} of {CLIENTS} clients.",
        plan.alone, plan.together
    );
    let mut figures = Vec::new();
    for way in ways {
        figures.push(measure(way, plan).await?);
    }
    if let [direct, bare, ours] = figures.as_slice() {
        println!(
            "over direct, p50 alone: bare proxy +{:.2} ms, server +{:.2} ms",
            bare.alone.percentile_ms(50) - direct.alone.percentile_ms(50),
            ours.alone.percentile_ms(50) - direct.alone.percentile_ms(50),
        );
        let ratio = ours.together.per_second() / bare.together.per_second();
        println!("turns/s of {CLIENTS} clients, server to bare proxy: {ratio:.2}");
    }
    Ok(())
}

struct Figures {
    alone: Measured,
    together: Measured,
}

async fn measure(way: Way<'_>, plan: Plan) -> Result<Figures> {
    let mut requests = way.requests;
    let together = requests.split_off(WARM_UP + plan.alone);
    let alone = requests.split_off(WARM_UP);
    send(requests, CLIENTS, LAST).await?;
    let alone = send(alone, 1, LAST).await?;
    let (before, count) = (way.role.cpu(), together.len());
    let together = send(together, CLIENTS, LAST).await?;
    let cpu = way.role.cpu().zip(before).map(|(after, before)| after - before);
    let each = |cpu: Duration| cpu.as_secs_f64() * 1e6 / count as f64;
    println!(
        "{:<11} alone p50 {:.2} ms, p99 {:.2} ms | together {:.0}/s, p50 {:.2} ms, p99 {:.2} ms | CPU {} us each",
        way.name,
        alone.percentile_ms(50),
        alone.percentile_ms(99),
        together.per_second(),
        together.percentile_ms(50),
        together.percentile_ms(99),
        cpu.map_or_else(|| "?".to_owned(), |cpu| format!("{:.0}", each(cpu))),
    );
    Ok(Figures { alone, together })
}

fn same(url: &str, body: &Value, count: usize) -> Result<Vec<Request>> {
    let request = Client::new().post(url).json(body).build()?;
    let again = || request.try_clone().context("a body in memory");
    (0..count).map(|_| again()).collect()
}

/// A message each in sessions of their own: none waits for another, and none has more to read than another.
async fn turns(server: &Role, count: usize) -> Result<Vec<Request>> {
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
                .header("x-api-key", secret);
            requests.push(turn.json(&json!({ "content": "Hi" })).build()?);
        }
    }
    Ok(requests)
}
