//! A role of the bench in a process of its own: started, its first line read, its time on the processors told.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running role; ended when dropped.
pub struct Role {
    child: Child,
    /// The words of its first line; the first one is its address.
    pub told: Vec<String>,
    /// From its start to that line.
    pub took: Duration,
}

impl Role {
    /// Starts this very program in another role.
    ///
    /// # Errors
    /// It cannot be started, or says nothing.
    pub async fn start(words: &[&str]) -> Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg("role")
            .args(words)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().context("a role has an output")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let line = line.with_context(|| format!("the role {words:?} said nothing"))?;
        let told = line.split_whitespace().map(str::to_owned).collect();
        let took = begun.elapsed();
        Ok(Self { child, told, took })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.told.first().map_or("", String::as_str)
    }

    /// How much memory of it is in use, in kB; none where the system does not tell.
    pub fn memory_kb(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// How long its threads have run so far; none where the system does not tell.
    pub fn cpu(&self) -> Option<Duration> {
        let tasks = PathBuf::from(format!("/proc/{}/task", self.child.id()?));
        let mut sum_ns = 0;
        for task in std::fs::read_dir(tasks).ok()?.flatten() {
            let told = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            sum_ns += told.split_whitespace().next()?.parse::<u64>().ok()?;
        }
        Some(Duration::from_nanos(sum_ns))
    }
}
