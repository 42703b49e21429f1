//! Several statements that go to the connection together, for the verbs of every turn: each step to its thread and back
//! costs more than most statements do. What the later ones do follows from what the earlier ones did, in SQL.

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Execute, Sqlite, SqliteConnection};
use tokio::sync::oneshot;

use super::super::{StoreError, StoreResult};
use super::writer::step;

/// Values for a script, bound in their order.
pub(super) type Values<'q> = Query<'q, Sqlite, SqliteArguments>;

/// The statements, alone and with a transaction around them.
pub(super) struct Script {
    pub(super) statements: &'static str,
    pub(super) transaction: &'static str,
}

/// A script of statements, which are written between quotes and separated by semicolons.
macro_rules! script {
    ($statements:literal) => {
        $crate::store::sqlite::script::Script {
            statements: $statements,
            transaction: concat!("BEGIN IMMEDIATE; ", $statements, "; COMMIT"),
        }
    };
}
pub(super) use script;

impl Script {
    /// To bind its values to.
    pub(super) fn values(&'static self) -> Values<'static> {
        sqlx::query(self.statements)
    }
}

/// A script that waits for its turn, and who waits for its rows.
pub(super) struct Run {
    script: &'static Script,
    values: SqliteArguments,
    caller: oneshot::Sender<StoreResult<Vec<SqliteRow>>>,
}

impl Run {
    pub(super) fn new(
        script: &'static Script,
        mut values: Values<'_>,
    ) -> StoreResult<(Self, oneshot::Receiver<StoreResult<Vec<SqliteRow>>>)> {
        let values = values
            .take_arguments()
            .map_err(|error| StoreError::Broken(error.to_string()))?
            .unwrap_or_default();
        let (caller, answer) = oneshot::channel();
        Ok((Self { script, values, caller }, answer))
    }

    /// A caller that went away is fine: what it wanted is kept all the same.
    fn answer(self, rows: StoreResult<Vec<SqliteRow>>) {
        drop(self.caller.send(rows));
    }
}

/// Runs all in one transaction; should one of them fail, each in its own. Whether the connection can still be trusted.
pub(super) async fn run_all(connection: &mut SqliteConnection, runs: Vec<Run>) -> bool {
    if runs.len() > 1 {
        match together(connection, &runs).await {
            Ok(found) => {
                for (run, rows) in runs.into_iter().zip(found) {
                    run.answer(Ok(rows));
                }
                return true;
            }
            Err(error) => tracing::warn!(%error, "scripts that failed together run one by one"),
        }
        if step(connection, "ROLLBACK").await.is_err() {
            refuse(
                runs,
                &StoreError::Broken("a transaction could not be undone".to_owned()),
            );
            return false;
        }
    }
    let mut is_sound = true;
    for run in runs {
        let found = execute(connection, run.script.transaction, &run.values).await;
        if found.is_err() {
            // There is none to undo where it did not even begin.
            is_sound &= step(connection, "ROLLBACK").await.is_ok();
        }
        run.answer(found);
    }
    is_sound
}

async fn together(connection: &mut SqliteConnection, runs: &[Run]) -> StoreResult<Vec<Vec<SqliteRow>>> {
    step(connection, "BEGIN IMMEDIATE").await?;
    let mut found = Vec::with_capacity(runs.len());
    for run in runs {
        found.push(execute(connection, run.script.statements, &run.values).await?);
    }
    step(connection, "COMMIT").await?;
    Ok(found)
}

async fn execute(
    connection: &mut SqliteConnection,
    sql: &'static str,
    values: &SqliteArguments,
) -> StoreResult<Vec<SqliteRow>> {
    Ok(sqlx::query_with(sql, values.clone()).fetch_all(connection).await?)
}

pub(super) fn refuse(runs: Vec<Run>, error: &StoreError) {
    for run in runs {
        run.answer(Err(StoreError::Broken(error.to_string())));
    }
}
