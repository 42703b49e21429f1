//! `soak kill`: the server is killed without a warning at random moments, under clients that talk, and started again on
//! what it left. After every start each client compares; at the end all of it is compared.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::back_end::BackEnd;
use super::findings::{Findings, Gone};
use super::ledger::Promise;
use super::model::Model;
use super::server::{Ground, Serving};
use super::visitor::Visitor;
use crate::fuzz::random::Random;

const VISITORS: usize = 14;
const BACK_ENDS: usize = 6;
/// A kill comes so long after all clients have compared, at most.
const MOST_MS: usize = 1_500;
/// One start in so many is killed while it comes up.
const EARLY: usize = 8;
/// How long clients may take to compare, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// So many kills.
    pub kills: usize,
    /// Where chance begins.
    pub seed: u64,
}

enum Client {
    Visitor(Box<Visitor>),
    BackEnd(Box<BackEnd>),
}

impl Client {
    async fn arrive(&mut self, url: &str) -> Result<(), Gone> {
        match self {
            Self::Visitor(visitor) => visitor.arrive(url).await,
            Self::BackEnd(back_end) => back_end.arrive(url).await,
        }
    }

    async fn talk(&mut self) -> Result<(), Gone> {
        match self {
            Self::Visitor(visitor) => visitor.talk().await,
            Self::BackEnd(back_end) => back_end.talk().await,
        }
    }

    async fn compare_all(&mut self) -> Result<(), Gone> {
        match self {
            Self::Visitor(visitor) => visitor.compare_all().await,
            Self::BackEnd(back_end) => back_end.compare_all().await,
        }
    }

    /// Until the server is gone, or until it is enough; a turn that has begun is read to its end then.
    async fn live(mut self, url: String, arrived: mpsc::Sender<()>, enough: CancellationToken) -> Self {
        if self.arrive(&url).await.is_ok() {
            let _ = arrived.send(()).await;
            while self.talk().await.is_ok() && !enough.is_cancelled() {}
        }
        self
    }
}

/// Runs the plan and prints what came of it.
///
/// # Errors
/// A promise was broken, or the server does not start.
pub async fn run(plan: Plan) -> Result<()> {
    println!("soak kill: {} kills, seed {}", plan.kills, plan.seed);
    let begun = Instant::now();
    let model = Model::start().await?;
    let ground = Ground::new(&model.base_url).await?;
    let findings = Arc::new(Findings::default());
    let mut random = Random::new(plan.seed);
    let mut clients = clients(plan.seed, &ground, &findings, &model);
    let mut starts = Vec::new();
    let mut early = 0;
    for _ in 0..plan.kills {
        let started = ground.start()?;
        if random.once_in(EARLY) {
            tokio::time::sleep(wait(&mut random, 250)).await;
            findings.note_kill();
            started.kill().await?;
            early += 1;
            continue;
        }
        let serving = started.listening().await?;
        starts.push(serving.ready_after);
        let moment = wait(&mut random, MOST_MS);
        clients = life(clients, &ground, serving, &findings, Some(moment)).await?;
    }
    let serving = ground.start()?.listening().await?;
    starts.push(serving.ready_after);
    clients = life(clients, &ground, serving, &findings, None).await?;
    drop(clients);
    starts.sort();
    println!(
        "{} of the kills came while it started; {:.1} s in all",
        early,
        begun.elapsed().as_secs_f64()
    );
    print(&findings, &model, &starts);
    let count = findings.breaches().len();
    ensure!(
        count == 0,
        "{count} broken promises; the same again: --kills {} --seed {}",
        plan.kills,
        plan.seed
    );
    Ok(())
}

fn clients(seed: u64, ground: &Ground, findings: &Arc<Findings>, model: &Model) -> Vec<Client> {
    let seed_of = |number: usize| seed.wrapping_mul(1_000).wrapping_add(number as u64);
    let visitors = (0..VISITORS).map(|number| {
        let visitor = Visitor::new(number, seed_of(number), Arc::clone(findings), model.clone());
        Client::Visitor(Box::new(visitor))
    });
    let back_ends = (VISITORS..VISITORS + BACK_ENDS).map(|number| {
        let (findings, model) = (Arc::clone(findings), model.clone());
        let back_end = BackEnd::new(number, seed_of(number), &ground.secret, findings, model);
        Client::BackEnd(Box::new(back_end))
    });
    visitors.chain(back_ends).collect()
}

/// One life of the server: all arrive and compare, the database is checked, and a moment later it is killed; or, without
/// a moment, everybody is answered and everything compared.
async fn life(
    clients: Vec<Client>,
    ground: &Ground,
    serving: Serving,
    findings: &Findings,
    moment: Option<Duration>,
) -> Result<Vec<Client>> {
    let count = clients.len();
    let enough = CancellationToken::new();
    let (arrived, mut arrivals) = mpsc::channel(count);
    let mut lives = JoinSet::new();
    for client in clients {
        lives.spawn(client.live(serving.url.clone(), arrived.clone(), enough.clone()));
    }
    drop(arrived);
    let all = async {
        for _ in 0..count {
            if arrivals.recv().await.is_none() {
                return false;
            }
        }
        true
    };
    if !tokio::time::timeout(PATIENCE, all).await.unwrap_or(false) {
        let what = format!("not everybody found the server again:\n{}", serving.log());
        findings.say(Promise::Answered, what);
    }
    if let Err(error) = ground.told(&["backup", "--check"]).await {
        findings.say(Promise::Intact, format!("{error:#}"));
    }
    match moment {
        Some(moment) => {
            tokio::time::sleep(moment).await;
            findings.note_kill();
            serving.kill().await?;
            Ok(lives.join_all().await)
        }
        None => {
            enough.cancel();
            let mut clients = lives.join_all().await;
            for client in &mut clients {
                if client.compare_all().await.is_err() {
                    findings.say(Promise::Answered, format!("the server went away:\n{}", serving.log()));
                }
            }
            serving.kill().await?;
            Ok(clients)
        }
    }
}

fn wait(random: &mut Random, most_ms: usize) -> Duration {
    Duration::from_millis(random.below(most_ms) as u64)
}

fn print(findings: &Findings, model: &Model, starts: &[Duration]) {
    let at = |percent: usize| starts[(starts.len() - 1) * percent / 100].as_secs_f64();
    let rows = [
        ("messages acknowledged", findings.acknowledged.now()),
        ("sent again, unsure", findings.repeated.now()),
        ("answers read to the end", findings.answered.now()),
        ("answers cut by a kill", findings.interrupted.now()),
        ("tried again to the end", findings.retried.now()),
        ("answers stopped", findings.stopped.now()),
        ("streams opened", findings.resumed.now()),
        ("conversations compared", findings.compared.now()),
        ("model calls", model.calls()),
    ];
    for (name, count) in rows {
        println!("{name:<30}{count:>8}");
    }
    println!(
        "{:<30}{:>8.2} s, at most {:.2} s",
        "ready after, median",
        at(50),
        at(100)
    );
    let mut broken: BTreeMap<Promise, Vec<String>> = BTreeMap::new();
    for (promise, what) in findings.breaches() {
        broken.entry(promise).or_default().push(what);
    }
    for promise in [
        Promise::Kept,
        Promise::Once,
        Promise::Ordered,
        Promise::Ended,
        Promise::Intact,
        Promise::Rising,
        Promise::AskedOnce,
        Promise::Answered,
    ] {
        let found = broken.remove(&promise).unwrap_or_default();
        println!("{:<30}{:>8}", promise.to_string(), found.len());
        for what in found.iter().take(5) {
            println!("    {what}");
        }
    }
}
