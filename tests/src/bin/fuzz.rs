//! `fuzz origins --cases N --seed S`: the generated inputs of `fuzz.rs`, as many as wanted. Only reads its arguments.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use anyhow::{Context, bail};
use atthene_tests::fuzz::fuzz_origins;

const USAGE: &str = "usage: fuzz origins [--cases N] [--seed S]";

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("origins") => {}
        _ => bail!(USAGE),
    }
    let (mut cases, mut seed) = (10_000_000u64, 1u64);
    while let Some(name) = arguments.next() {
        let value = arguments.next().context(USAGE)?;
        let number = value
            .replace('_', "")
            .parse()
            .with_context(|| format!("{value} is not a number"))?;
        match name.as_str() {
            "--cases" => cases = number,
            "--seed" => seed = number,
            _ => bail!(USAGE),
        }
    }
    let started = Instant::now();
    let compared = fuzz_origins(cases, seed).map_err(anyhow::Error::msg)?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "origins: {cases} inputs of seed {seed}, {compared} compared, {} beyond the oracle, 0 differences, {seconds:.1} s",
        cases - compared
    );
    Ok(())
}
