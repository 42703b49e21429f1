//! The store in one SQLite file: WAL, synchronous=FULL, foreign keys on, one writer, readers beside it.
//!
//! Here is only the opening of the file; the verbs are in the sibling files, one per trait.

mod agents;
mod append;
mod audit;
pub(super) mod backup;
mod budgets;
mod conversations;
mod erasure;
mod external;
mod feedback;
mod finish;
mod keys;
mod knowledge;
mod logins;
mod previews;
mod readers;
mod rows;
mod script;
mod sessions;
mod steps;
mod traces;
mod turns;
mod usage;
mod users;
mod writer;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{Store, StoreError, StoreResult};
use readers::Readers;
use writer::Writer;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/migrations");

/// How many pages of 4 KB gather in the `-wal` before they go into the file. The same few pages take most writes, and each
/// goes there once.
const CHECKPOINT_PAGES: &str = "4000";
/// How long a statement waits for a lock that another process (the command line) holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Switching a new file to WAL does not wait for locks by itself, so it is tried this often.
const OPEN_ATTEMPTS: u32 = 100;
const OPEN_PAUSE: Duration = Duration::from_millis(50);

/// A store in one file of this machine.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
}

#[async_trait]
impl Store for SqliteStore {
    /// The file alone holds everything: SQLite would do that when the last connection closes, for which nobody waits.
    async fn settle(&self) -> StoreResult<()> {
        self.writer.truncate().await
    }
}

impl SqliteStore {
    /// Opens the file, makes it (and its folder) where it is missing, and brings its tables up to date.
    pub async fn open(path: &Path) -> StoreResult<Self> {
        make_file(path)
            .await
            .map_err(|error| StoreError::Broken(format!("cannot make {}: {error}", path.display())))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY");
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("journal_size_limit", "67108864")
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
        // Off while tables are made anew: dropping one would take along what points at it. A broken reference is found.
        let mut connection = connect_writer(&writing.clone().foreign_keys(false)).await?;
        migrate(&mut connection).await?;
        sqlx::query("PRAGMA foreign_keys = ON").execute(&mut connection).await?;
        let readers = Readers::new(options.pragma("query_only", "ON"));
        Ok(Self {
            writer: Writer::start(connection, writing),
            readers,
        })
    }
}

/// SQLite would make the file readable for everyone; its `-wal` and `-shm` take over the mode of the file.
async fn make_file(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        let mut folders = tokio::fs::DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        folders.mode(0o700);
        folders.create(parent).await?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await.map(drop)
}

async fn connect_writer(options: &SqliteConnectOptions) -> StoreResult<SqliteConnection> {
    let mut attempt = 1;
    loop {
        match options.connect().await {
            Err(error) if attempt < OPEN_ATTEMPTS && is_busy(&error) => tokio::time::sleep(OPEN_PAUSE).await,
            result => return Ok(result?),
        }
        attempt += 1;
    }
}

/// SQLITE_BUSY (5) and its extended codes, whose low byte it is.
fn is_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code()?.parse::<i32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

/// All in one transaction, so that two processes that start on a new file do not run into each other.
async fn migrate(connection: &mut SqliteConnection) -> StoreResult<()> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let before = applied(&mut transaction).await?;
    MIGRATIONS
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(|error| StoreError::Broken(format!("cannot bring the tables up to date: {error}")))?;
    // Reads every row, so only where something was changed.
    if applied(&mut transaction).await? != before {
        let broken = sqlx::query("PRAGMA foreign_key_check")
            .fetch_optional(&mut *transaction)
            .await?;
        if broken.is_some() {
            return Err(StoreError::Broken(
                "bringing the tables up to date broke a reference".to_owned(),
            ));
        }
    }
    Ok(transaction.commit().await?)
}

/// How many migrations were applied so far.
async fn applied(connection: &mut SqliteConnection) -> StoreResult<i64> {
    let is_new = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_optional(&mut *connection)
        .await?
        .is_none();
    if is_new {
        return Ok(0);
    }
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await?)
}
