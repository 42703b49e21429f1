//! `cargo xtask size`: what a page loads and what the console loads, beside our goals and our peers. It measures the files as they are served.

use std::fs;
use std::process::ExitCode;

use anyhow::Result;

use crate::assets::{self, ConsoleManifest, Part, WidgetManifest as Manifest};
use crate::workspace::Workspace;

/// Brotli bytes that we aim at, before the launcher shows and before a message can be sent.
const GOALS: (usize, usize) = (2_700, 64_000);
/// Brotli bytes before a message can be sent at which the command fails.
const LIMIT: usize = 80_000;
/// Brotli bytes of the console's first load, all files together, above which the command fails.
const CONSOLE_LIMIT: usize = 250_000;
/// Stands for the address that the server puts in at its start.
const EXAMPLE_URL: &str = "https://chat.example.com";

/// Brotli 11, measured 2026-11-22: before the launcher shows, before a message can be sent.
const PEERS: [(&str, usize, usize); 9] = [
    ("Rocket.Chat loader 1.13", 2_732, 373_619),
    ("Cloudflare ai-search-snippet 0.0.42", 17_946, 17_946),
    ("open-chat-studio 0.6", 45_768, 45_768),
    ("deep-chat 2.4.2", 91_852, 91_852),
    ("typebot 0.10.7", 164_164, 164_164),
    ("Botpress 4.5.2", 197_510, 197_510),
    ("flowise-embed 3.1.6", 241_974, 241_974),
    ("n8n chat 1.37", 480_863, 480_863),
    ("Chainlit copilot 2.12", 1_957_539, 1_957_539),
];

/// One file or a sum of files, in bytes.
#[derive(Clone, Copy, Default)]
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Weight {
    fn of(bytes: &[u8]) -> Result<Self> {
        Ok(Self {
            raw: bytes.len(),
            gzip: assets::gzip(bytes)?.len(),
            brotli: assets::brotli(bytes)?.len(),
        })
    }

    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Builds what is missing, prints the table, fails above the limit.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    assets::build_all(workspace, assets::Args::default())?;
    let folder = Part::Widget.folder(workspace);
    let manifest = Manifest::read(&folder)?;
    let shim = fs::read_to_string(folder.join(Manifest::SHIM))?.replace("__ATTHENE_URL__", EXAMPLE_URL);
    let shim = Weight::of(shim.as_bytes())?;
    let glue = Weight::of(&fs::read(folder.join(&manifest.glue))?)?;
    let wasm = Weight::of(&fs::read(folder.join(&manifest.wasm))?)?;
    let all = shim.plus(glue).plus(wasm);

    println!();
    println!("{:<38}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli");
    for (name, weight) in [("shim", shim), ("glue", glue), ("WASM", wasm)] {
        print_weight(name, weight);
    }
    print_weight("before the launcher shows", shim);
    print_weight("before a message can be sent", all);
    println!();
    print_distance("before the launcher shows", shim.brotli, GOALS.0);
    print_distance("before a message can be sent", all.brotli, GOALS.1);
    println!();
    println!("{:<38}{:>10}{:>12}", "brotli, beside our peers", "launcher", "message");
    println!(
        "{:<38}{:>10}{:>12}",
        "AttheneChat",
        grouped(shim.brotli),
        grouped(all.brotli)
    );
    for (name, launcher, message) in PEERS {
        println!("{name:<38}{:>10}{:>12}", grouped(launcher), grouped(message));
    }
    if all.brotli > LIMIT {
        println!(
            "\ntoo large: {} of at most {} bytes",
            grouped(all.brotli),
            grouped(LIMIT)
        );
        return Ok(ExitCode::FAILURE);
    }
    size_of_console(workspace)
}

/// What counts is the sum of what is loaded at once; what comes later stands below it.
fn size_of_console(workspace: &Workspace) -> Result<ExitCode> {
    let folder = Part::Console.folder(workspace);
    println!("\n{:<38}{:>10}{:>10}{:>10}", "console, bytes", "raw", "gzip", "brotli");
    let mut all = Weight::default();
    let manifest = ConsoleManifest::read(&folder)?;
    for name in &manifest.first {
        let weight = Weight::of(&fs::read(folder.join(name))?)?;
        print_weight(name, weight);
        all = all.plus(weight);
    }
    print_weight("first load of the console", all);
    print_weight(&manifest.late, Weight::of(&fs::read(folder.join(&manifest.late))?)?);
    print_distance("first load of the console", all.brotli, CONSOLE_LIMIT);
    Ok(if all.brotli > CONSOLE_LIMIT {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn print_weight(name: &str, weight: Weight) {
    println!(
        "{name:<38}{:>10}{:>10}{:>10}",
        grouped(weight.raw),
        grouped(weight.gzip),
        grouped(weight.brotli)
    );
}

fn print_distance(name: &str, bytes: usize, goal: usize) {
    let (distance, word) = if bytes <= goal {
        (goal - bytes, "below")
    } else {
        (bytes - goal, "ABOVE")
    };
    println!(
        "{name}: {} bytes {word} the goal of {}",
        grouped(distance),
        grouped(goal)
    );
}

/// 1234567 as 1,234,567.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}
