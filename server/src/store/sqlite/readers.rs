//! The connections that only read. sqlx's own pool asks a connection for a sign of life, in a task of its own, each time
//! that one is given back: for a file of this machine that costs more than the reading.

use std::fmt;
use std::ops::{Deref, DerefMut};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard, Semaphore, SemaphorePermit};

/// How many read at once. WAL lets them read while the writer writes.
const CONNECTIONS: usize = 4;

/// The readers. Each is opened when it is first needed.
pub(super) struct Readers {
    options: SqliteConnectOptions,
    /// As many as there are connections that nobody uses.
    free: Semaphore,
    connections: [Mutex<Option<SqliteConnection>>; CONNECTIONS],
}

/// A connection that is somebody's until this is dropped.
pub(super) struct Reader<'a> {
    connection: MappedMutexGuard<'a, SqliteConnection>,
    _permit: SemaphorePermit<'a>,
}

impl Deref for Reader<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            free: Semaphore::new(CONNECTIONS),
            connections: Default::default(),
        }
    }

    /// Waits for a connection that nobody uses. One that is given back in the middle of a statement stops it.
    pub(super) async fn take(&self) -> Result<Reader<'_>, sqlx::Error> {
        let permit = self.free.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        // Whoever has a permit finds one: a connection is free again before its permit is.
        let mut place = self
            .connections
            .iter()
            .find_map(|place| place.try_lock().ok())
            .ok_or(sqlx::Error::PoolTimedOut)?;
        if place.is_none() {
            *place = Some(self.options.connect().await?);
        }
        let connection = MutexGuard::try_map(place, Option::as_mut).map_err(|_| sqlx::Error::PoolClosed)?;
        Ok(Reader {
            connection,
            _permit: permit,
        })
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}
