//! Many sockets that wait: how much memory the server holds for them, beside a bare proxy that knows nobody.
#![allow(clippy::print_stdout)]

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::process::Role;
use super::roles::{AGENT, ORIGIN};
use crate::socket::TestSocket;

/// How many are opened at the same time.
const AT_ONCE: usize = 64;
/// Let everything settle that was only about opening them.
const SETTLE: Duration = Duration::from_secs(3);

/// Opens so many sockets and prints what they cost.
///
/// # Errors
/// A role does not start, or the system does not allow so many open files.
pub async fn run(count: usize) -> Result<()> {
    let upstream = Role::start(&["upstream"]).await?;
    println!("{count} sockets that wait, over loopback.");
    let proxy = Role::start(&["socket-proxy", upstream.address()]).await?;
    measure("bare proxy", &proxy, count, false).await?;
    drop(proxy);
    let server = Role::start(&["server", upstream.address()]).await?;
    measure("server", &server, count, true).await
}

async fn measure(name: &str, role: &Role, count: usize, is_server: bool) -> Result<()> {
    let address: SocketAddr = role.address().parse()?;
    let before = role
        .memory_kb()
        .context("this system does not tell a process's memory")?;
    let client = Client::builder().no_proxy().build()?;
    let opening = (0..count).map(|_| {
        let client = client.clone();
        async move {
            let mut socket = TestSocket::open(address, AGENT, ORIGIN).await;
            if is_server {
                let start = client.post(format!("http://{address}/public/v1/agents/{AGENT}/sessions"));
                let started = start.header("origin", ORIGIN).json(&json!({})).send().await?;
                let started: Value = started.error_for_status()?.json().await?;
                let token = started["token"].as_str().context("a session has a token")?;
                socket.start(token, 0).await;
            }
            Ok::<TestSocket, anyhow::Error>(socket)
        }
    });
    let sockets: Vec<TestSocket> = stream::iter(opening).buffer_unordered(AT_ONCE).try_collect().await?;
    sleep(SETTLE).await;
    let with = role.memory_kb().context("the role has ended")?;
    println!(
        "{name:<11} {:.1} MB before, {:.1} MB with all of them: {:.2} kB each",
        before as f64 / 1_024.0,
        with as f64 / 1_024.0,
        with.saturating_sub(before) as f64 / count as f64,
    );
    drop(sockets);
    Ok(())
}
