//! The one connection that writes. Work that waits is committed together: one fsync for many callers.
//!
//! Each piece of work runs under a savepoint of its own, so that the failure of one undoes only that one. Nobody is
//! answered before the COMMIT: what is acknowledged is on the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::super::{StoreError, StoreResult};
use super::connect_writer;
use super::script::{self, Run, Script, Values};

/// The most pieces of work of one transaction: bounds how long the first of them waits.
const GROUP_MAX: usize = 128;
/// How long emptying the `-wal` may hold up those who write.
const TRUNCATE_PATIENCE: &str = "PRAGMA busy_timeout = 250";
/// As in `super::BUSY_TIMEOUT`.
const WRITE_PATIENCE: &str = "PRAGMA busy_timeout = 10000";
/// When it is tried again.
const TRUNCATE_AGAIN: Duration = Duration::from_secs(2);
/// Callers beyond this wait for room, so that a stalled disk does not fill the memory.
const QUEUE_MAX: usize = 4096;

/// The way to the writing task. The task ends when the last of these is gone.
#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Request>,
    /// Whether the `-wal` still holds what was erased, and is tried again.
    truncates_again: Arc<AtomicBool>,
}

enum Request {
    Work(Box<dyn Work>),
    Script(Run),
    /// Moves what is committed from the `-wal` into the file, and empties the `-wal`; tells whether it did.
    Truncate(oneshot::Sender<bool>),
}

/// A piece of work whose answer waits for the COMMIT.
trait Work: Send {
    /// Runs inside the savepoint and keeps what it found for [`Work::answer`].
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<()>>;
    /// Tells the caller: what was found, or why it is not kept.
    fn answer(self: Box<Self>, kept: StoreResult<()>);
}

struct Call<F, T> {
    work: Option<F>,
    found: Option<T>,
    caller: oneshot::Sender<StoreResult<T>>,
}

impl<F, T> Work for Call<F, T>
where
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<T>> + Send,
    T: Send,
{
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<()>> {
        Box::pin(async move {
            if let Some(work) = self.work.take() {
                self.found = Some(work(connection).await?);
            }
            Ok(())
        })
    }

    fn answer(self: Box<Self>, kept: StoreResult<()>) {
        let answer = match (kept, self.found) {
            (Ok(()), Some(found)) => Ok(found),
            (Ok(()), None) => Err(StoreError::Broken("the work found nothing to answer".into())),
            (Err(error), _) => Err(error),
        };
        // A caller that went away is fine: its work is kept all the same.
        drop(self.caller.send(answer));
    }
}

impl Writer {
    /// Starts the task that owns the connection; `options` make a new one should it break.
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Self {
        let (queue, requests) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(write(requests, Some(connection), options));
        Self {
            queue,
            truncates_again: Arc::default(),
        }
    }

    /// Runs the work in a transaction and answers when it is committed. Work that fails leaves no trace.
    pub(super) async fn write<T, F>(&self, work: F) -> StoreResult<T>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<T>> + Send + 'static,
        T: Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let call = Call {
            work: Some(work),
            found: None,
            caller,
        };
        self.queue
            .send(Request::Work(Box::new(call)))
            .await
            .map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Runs a script in a transaction and answers its rows when it is committed. A script that fails leaves no trace.
    pub(super) async fn run(&self, script: &'static Script, values: Values<'_>) -> StoreResult<Vec<SqliteRow>> {
        let (run, answer) = Run::new(script, values)?;
        self.queue.send(Request::Script(run)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Lets what was erased vanish from the `-wal` too; answers when it did. Where somebody reads for long just then, as
    /// a backup does, it is tried again beside all else until it is done.
    pub(super) async fn truncate(&self) -> StoreResult<()> {
        if self.truncates_again.load(Ordering::Acquire) || truncate_once(&self.queue).await? {
            return Ok(());
        }
        if self.truncates_again.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        tracing::warn!("the write-ahead log is not emptied yet: another process is reading");
        let (queue, again) = (self.queue.downgrade(), Arc::clone(&self.truncates_again));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(TRUNCATE_AGAIN).await;
                let Some(queue) = queue.upgrade() else { return };
                // Whoever asks from now on is served by this attempt or by one of their own.
                again.store(false, Ordering::Release);
                if !matches!(truncate_once(&queue).await, Ok(false)) {
                    return;
                }
                if again.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
        });
        Ok(())
    }
}

async fn truncate_once(queue: &mpsc::Sender<Request>) -> StoreResult<bool> {
    let (caller, answer) = oneshot::channel();
    queue.send(Request::Truncate(caller)).await.map_err(|_| gone())?;
    answer.await.map_err(|_| gone())
}

fn gone() -> StoreError {
    StoreError::Broken("the writer has ended".into())
}

async fn write(
    mut requests: mpsc::Receiver<Request>,
    mut connection: Option<SqliteConnection>,
    options: SqliteConnectOptions,
) {
    let mut waiting = Vec::with_capacity(GROUP_MAX);
    while requests.recv_many(&mut waiting, GROUP_MAX).await > 0 {
        let (mut group, mut scripts, mut erasing) = (Vec::new(), Vec::new(), Vec::new());
        for request in waiting.drain(..) {
            match request {
                Request::Work(work) => group.push(work),
                Request::Script(run) => scripts.push(run),
                Request::Truncate(caller) => erasing.push(caller),
            }
        }
        let result = match connection.take() {
            Some(connection) => Ok(connection),
            None => connect_writer(&options).await,
        };
        match result {
            Ok(open) => connection = commit_group(open, group, scripts).await,
            Err(error) => {
                refuse(group, &error);
                script::refuse(scripts, &error);
            }
        }
        let is_emptied = match (erasing.is_empty(), &mut connection) {
            (false, Some(connection)) => truncate(connection).await,
            _ => false,
        };
        for caller in erasing {
            let _ = caller.send(is_emptied);
        }
    }
    if let Some(connection) = connection
        && let Err(error) = connection.close().await
    {
        tracing::warn!(%error, "the writing connection did not close cleanly");
    }
}

/// Gives the connection back if it can still be trusted.
async fn commit_group(
    mut connection: SqliteConnection,
    mut group: Vec<Box<dyn Work>>,
    scripts: Vec<Run>,
) -> Option<SqliteConnection> {
    match run_group(&mut connection, &mut group).await {
        Ok(results) => {
            for (work, result) in group.into_iter().zip(results) {
                work.answer(result);
            }
        }
        Err(error) => {
            tracing::error!(%error, "a group of writes was not committed");
            refuse(group, &error);
            script::refuse(scripts, &error);
            return None;
        }
    }
    script::run_all(&mut connection, scripts).await.then_some(connection)
}

/// Everyone who writes waits meanwhile, so it waits for readers only a moment.
async fn truncate(connection: &mut SqliteConnection) -> bool {
    let emptied = async {
        sqlx::query(TRUNCATE_PATIENCE).execute(&mut *connection).await?;
        let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut *connection)
            .await?;
        sqlx::query(WRITE_PATIENCE).execute(&mut *connection).await?;
        Ok::<_, sqlx::Error>(busy == 0)
    };
    emptied.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the write-ahead log was not emptied");
        false
    })
}

/// sqlx's own transactions wait for each other twice at every step; these are statements like any other.
async fn run_group(
    connection: &mut SqliteConnection,
    group: &mut [Box<dyn Work>],
) -> StoreResult<Vec<StoreResult<()>>> {
    let mut results = Vec::with_capacity(group.len());
    if group.is_empty() {
        return Ok(results);
    }
    step(connection, "BEGIN IMMEDIATE").await?;
    // Alone in its transaction, it needs no savepoint: there is nothing else to keep when it fails.
    if let [work] = group {
        let result = work.run(connection).await;
        step(connection, if result.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
        return Ok(vec![result]);
    }
    for work in group {
        step(connection, "SAVEPOINT work").await?;
        let result = work.run(connection).await;
        if result.is_err() {
            step(connection, "ROLLBACK TO work").await?;
        }
        step(connection, "RELEASE work").await?;
        results.push(result);
    }
    step(connection, "COMMIT").await?;
    Ok(results)
}

/// A step of a transaction. Where it fails, the connection is given up, which undoes what was begun.
pub(super) async fn step(connection: &mut SqliteConnection, statement: &'static str) -> StoreResult<()> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}

fn refuse(group: Vec<Box<dyn Work>>, error: &StoreError) {
    for work in group {
        work.answer(Err(StoreError::Broken(error.to_string())));
    }
}
