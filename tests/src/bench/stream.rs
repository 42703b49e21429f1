//! Answers of twenty tokens over sockets: how long the server computes for each, beside a bare proxy that passes the
//! vendor's pieces on to a socket and keeps nothing.
#![allow(clippy::print_stdout)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::future::join_all;
use serde_json::json;

use super::process::Role;
use super::roles::{AGENT, LAST, ORIGIN, TOKENS};
use crate::socket::TestSocket;
use crate::visitor::TestVisitor;

/// How much of it.
#[derive(Clone, Copy)]
pub struct Plan {
    /// How many sockets talk at once.
    sockets: usize,
    /// How many answers each of them gets.
    turns: usize,
}

impl Plan {
    /// Enough for figures.
    pub const WHOLE: Self = Self { sockets: 32, turns: 60 };
    /// Enough to see that it runs.
    pub const SHORT: Self = Self { sockets: 8, turns: 4 };
}

/// Answers that count for nothing: connections, caches, statements.
const WARM_UP: usize = 5;

/// Measures and prints.
///
/// # Errors
/// A role does not start, or the system tells no time of it.
pub async fn run(plan: Plan) -> Result<()> {
    let upstream = Role::start(&["upstream"]).await?;
    let proxy = Role::start(&["socket-proxy", upstream.address()]).await?;
    let server = Role::start(&["server", upstream.address()]).await?;
    println!(
        "Streams of {TOKENS} tokens over {} sockets at once, {} each, over loopback.",
        plan.sockets, plan.turns
    );
    let bare = measure("bare proxy", &proxy, plan, false).await?;
    let ours = measure("server", &server, plan, true).await?;
    println!("CPU for each, server to bare proxy: {:.2}", ours / bare);
    Ok(())
}

/// Microseconds of the role for each stream.
async fn measure(name: &str, role: &Role, plan: Plan, is_server: bool) -> Result<f64> {
    let address: SocketAddr = role.address().parse()?;
    let opening = (0..plan.sockets).map(|_| async move {
        let mut socket = TestSocket::open(address, AGENT, ORIGIN).await;
        if is_server {
            let visitor = TestVisitor::new(&format!("http://{address}"), AGENT, ORIGIN)
                .start()
                .await;
            socket.start(&visitor.token, 0).await;
        }
        socket
    });
    let sockets = join_all(opening).await;
    let talk = |mut socket: TestSocket, turns: usize, first: usize| async move {
        let mut firsts = Vec::with_capacity(turns);
        for number in 0..turns {
            firsts.push(turn(&mut socket, first + number, is_server).await);
        }
        (socket, firsts)
    };
    let warm = join_all(sockets.into_iter().map(|socket| talk(socket, WARM_UP, 0))).await;
    let before = role.cpu().context("this system does not tell a process's time")?;
    let begun = Instant::now();
    let done = join_all(warm.into_iter().map(|(socket, _)| talk(socket, plan.turns, WARM_UP))).await;
    let whole = begun.elapsed();
    let used = role.cpu().context("the role has ended")? - before;
    let mut firsts: Vec<Duration> = done.into_iter().flat_map(|(_, firsts)| firsts).collect();
    firsts.sort();
    let count = firsts.len();
    let at = |percent: usize| firsts[(count * percent / 100).min(count - 1)].as_secs_f64() * 1_000.0;
    let each = used.as_secs_f64() * 1e6 / count as f64;
    println!(
        "{name:<11} {:.0}/s | first token p50 {:.2} ms, p99 {:.2} ms | CPU {each:.0} us each",
        count as f64 / whole.as_secs_f64(),
        at(50),
        at(99),
    );
    Ok(each)
}

/// Asks, reads the answer to its end, and tells when its first token came.
async fn turn(socket: &mut TestSocket, number: usize, is_server: bool) -> Duration {
    let asked = Instant::now();
    if is_server {
        socket.say(&format!("c{number}"), "Hi").await;
    } else {
        socket.send(&json!({ "content": "Hi" })).await;
    }
    let mut first = None;
    loop {
        let frame = socket.frame().await;
        let event = &frame["event"];
        if event["type"] == "TEXT_MESSAGE_CONTENT" {
            first.get_or_insert_with(|| asked.elapsed());
        }
        let is_last = if is_server {
            event["type"] == "RUN_FINISHED"
        } else {
            event["delta"] == LAST
        };
        assert!(event["type"] != "RUN_ERROR" && frame["type"] != "error", "{frame}");
        if is_last {
            return first.unwrap_or_default();
        }
    }
}
