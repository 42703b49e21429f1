//! A copy of the file while it is in use, by SQLite's own `VACUUM INTO`: of one moment, without what was erased, and while
//! others write. And the check of such a copy, or of the file itself.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use super::super::backup::Checked;
use super::super::{StoreError, StoreResult};
use super::BUSY_TIMEOUT;

/// The most problems that are told: a broken file has thousands.
const MOST_PROBLEMS: &str = "PRAGMA integrity_check(20)";

/// Copies into a new file beside the wanted one, which takes its name when it is whole, safe on the disk and sound.
pub(in crate::store) async fn copy(from: &Path, to: &Path) -> StoreResult<Checked> {
    let refuse = |error: std::io::Error| StoreError::Broken(format!("cannot write {}: {error}", to.display()));
    if tokio::fs::try_exists(to).await.map_err(refuse)? {
        return Err(StoreError::Broken(format!(
            "{} is there already, and a backup writes over nothing",
            to.display()
        )));
    }
    let mut source = open(from).await?;
    let part = part_of(to);
    make_new(&part).await.map_err(refuse)?;
    let copied = copy_and_check(&mut source, &part).await;
    let checked = match copied {
        Ok(checked) if checked.problems.is_empty() => publish(&part, to).await.map_err(refuse).map(|()| checked),
        other => other,
    };
    // Where it was published, the name is gone already.
    let _ = tokio::fs::remove_file(&part).await;
    Ok(Checked {
        path: to.to_owned(),
        ..checked?
    })
}

/// Reads the whole file.
pub(in crate::store) async fn check(path: &Path) -> StoreResult<Checked> {
    let mut connection = open(path).await?;
    let problems: Vec<String> = sqlx::query_scalar(MOST_PROBLEMS).fetch_all(&mut connection).await?;
    let mut checked = Checked {
        path: path.to_owned(),
        bytes: tokio::fs::metadata(path).await.map(|file| file.len()).unwrap_or(0),
        problems: problems.into_iter().filter(|problem| problem != "ok").collect(),
        ..Checked::default()
    };
    if !checked.problems.is_empty() {
        return Ok(checked);
    }
    for row in sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut connection)
        .await?
    {
        let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(2)?);
        checked.problems.push(format!(
            "a row of {table} belongs to a row of {parent} that is not there"
        ));
    }
    let counts = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM agents), (SELECT COUNT(*) FROM sessions), (SELECT COUNT(*) FROM messages)",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(|_| StoreError::Unreadable(format!("{} is no database of AttheneChat", path.display())))?;
    let count = |at: usize| {
        counts
            .try_get::<i64, _>(at)
            .map(|count| u64::try_from(count).unwrap_or(0))
    };
    (checked.agents, checked.sessions, checked.messages) = (count(0)?, count(1)?, count(2)?);
    connection.close().await?;
    Ok(checked)
}

/// Only to read: a server of another version may be using it, and its tables stay as they are.
async fn open(path: &Path) -> StoreResult<SqliteConnection> {
    let is_there = tokio::fs::metadata(path).await.is_ok_and(|file| file.is_file());
    if !is_there {
        return Err(StoreError::Broken(format!("there is no database {}", path.display())));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT);
    Ok(options.connect().await?)
}

fn part_of(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// `VACUUM INTO` fills an empty file, which is for its owner only from the first byte on.
async fn make_new(path: &Path) -> std::io::Result<()> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    match options.open(path).await {
        // What a backup that was killed left behind.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            tokio::fs::remove_file(path).await?;
            options.open(path).await.map(drop)
        }
        made => made.map(drop),
    }
}

async fn copy_and_check(source: &mut SqliteConnection, part: &Path) -> StoreResult<Checked> {
    let name = part
        .to_str()
        .ok_or_else(|| StoreError::Address(format!("{} is not UTF-8", part.display())))?;
    sqlx::query("VACUUM INTO $1").bind(name).execute(source).await?;
    let synced = async { tokio::fs::File::open(part).await?.sync_all().await };
    synced
        .await
        .map_err(|error| StoreError::Broken(format!("the copy is not safe on the disk: {error}")))?;
    check(part).await
}

/// Gives the copy its name, which nobody else may have taken meanwhile.
async fn publish(part: &Path, to: &Path) -> std::io::Result<()> {
    match tokio::fs::hard_link(part, to).await {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
        // Not every file system knows links.
        Err(_) => tokio::fs::rename(part, to).await?,
        Ok(()) => {}
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    #[cfg(unix)]
    tokio::fs::File::open(folder.unwrap_or(Path::new(".")))
        .await?
        .sync_all()
        .await?;
    Ok(())
}
