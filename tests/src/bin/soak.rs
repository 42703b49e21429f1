//! `soak kill [--kills N] [--seed S]` and `soak readers [--stalled N]`: the real binary under rough treatment. What is done
//! to it is in `soak/`.
#![allow(clippy::print_stdout)]

use anyhow::{Context, bail};
use atthene_tests::soak::{kill, readers};

const USAGE: &str = "usage: soak kill [--kills N] [--seed S] | soak readers [--stalled N]";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().context(USAGE)?;
    let mut plan = kill::Plan {
        kills: 500,
        seed: rand::random::<u32>().into(),
    };
    let mut stalled = 1_000;
    while let Some(name) = arguments.next() {
        let value = arguments.next().context(USAGE)?;
        match (what.as_str(), name.as_str()) {
            ("kill", "--kills") => plan.kills = value.parse().context(USAGE)?,
            ("kill", "--seed") => plan.seed = value.parse().context(USAGE)?,
            ("readers", "--stalled") => stalled = value.parse().context(USAGE)?,
            _ => bail!(USAGE),
        }
    }
    match what.as_str() {
        "kill" => kill::run(plan).await,
        "readers" => readers::run(stalled).await,
        _ => bail!(USAGE),
    }
}
