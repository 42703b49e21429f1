//! `bench rest|stream|sockets [--short]`: what the server costs, beside a bare proxy that keeps nothing. It starts itself again in
//! the other roles, so that each is a process of its own whose time can be told. What it measures is in `bench/`.
#![allow(clippy::print_stdout)]

use anyhow::bail;
use atthene_tests::bench::{rest, roles, sockets, stream};

const USAGE: &str = "usage: bench rest|stream|sockets [--short]";
/// Sockets that wait.
const SOCKETS: usize = 10_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["rest"] => rest::run(rest::Plan::WHOLE).await,
        ["rest", "--short"] => rest::run(rest::Plan::SHORT).await,
        ["stream"] => stream::run(stream::Plan::WHOLE).await,
        ["stream", "--short"] => stream::run(stream::Plan::SHORT).await,
        ["sockets"] => sockets::run(SOCKETS).await,
        ["sockets", "--short"] => sockets::run(SOCKETS / 50).await,
        ["role", "upstream"] => roles::upstream().await,
        ["role", "proxy", upstream] => roles::proxy(upstream).await,
        ["role", "socket-proxy", upstream] => roles::socket_proxy(upstream).await,
        ["role", "server", upstream] => roles::server(upstream).await,
        _ => bail!(USAGE),
    }
}
