//! `cargo xtask test`: everything there is to check, in the order in which a mistake is cheapest to find.
//! A failing step does not hide the others; a step that cannot run counts as failed, so nothing is skipped in silence.

mod browser;
mod clients;
mod deny;
mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::ValueEnum;

use crate::workspace::Workspace;
use steps::Step;

/// Which part to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run these steps alone (may be given several times)
    #[arg(long, value_enum, value_name = "STEP")]
    only: Vec<Step>,
}

struct Report {
    step: Step,
    /// What is to be said of a step that passed: nothing, or what it could not check.
    outcome: Result<Option<String>>,
    took: Duration,
}

/// Runs the steps and prints one line for each at the end.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let started = Instant::now();
    let steps: Vec<Step> = Step::value_variants()
        .iter()
        .copied()
        .filter(|step| args.only.is_empty() || args.only.contains(step))
        .collect();
    let mut reports: Vec<Report> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        println!("\n=== {}/{} {step}", number + 1, steps.len());
        let step_started = Instant::now();
        let missing = step.needs().filter(|need| {
            reports
                .iter()
                .any(|report| report.step == *need && report.outcome.is_err())
        });
        let outcome = match missing {
            Some(need) => Err(anyhow::anyhow!("not run: it needs `{need}`, which failed")),
            None => step.run(workspace),
        };
        let took = step_started.elapsed();
        if let Err(error) = &outcome {
            println!("FAILED {step}: {error:#}");
        }
        reports.push(Report {
            step: *step,
            outcome,
            took,
        });
    }
    Ok(summary(&reports, started.elapsed()))
}

fn summary(reports: &[Report], took: Duration) -> ExitCode {
    println!("\n=== summary");
    for Report { step, outcome, took } in reports {
        let seconds = took.as_secs_f64();
        match outcome {
            Ok(note) => println!(
                "ok      {:<13}{seconds:>7.1} s  {}",
                step.to_string(),
                note.as_deref().unwrap_or_default()
            ),
            Err(error) => println!("FAILED  {:<13}{seconds:>7.1} s  {error:#}", step.to_string()),
        }
    }
    let failed = reports.iter().filter(|report| report.outcome.is_err()).count();
    println!("in {:.0} s", took.as_secs_f64());
    println!("{} passed, {failed} failed", reports.len() - failed);
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
