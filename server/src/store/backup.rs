//! Copying a store while a server writes to it, and checking what a store holds.

use std::path::{Path, PathBuf};

use super::{StoreError, StoreResult, sqlite};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Where it is.
    pub path: PathBuf,
    /// How large it is.
    pub bytes: u64,
    /// How many agents it holds.
    pub agents: u64,
    /// How many sessions.
    pub sessions: u64,
    /// How many messages.
    pub messages: u64,
    /// What is wrong, in the database's own words; empty where it is sound.
    pub problems: Vec<String>,
}

/// Writes a consistent copy of the store at an address into a new file, readable by its owner only, and checks it. A copy
/// that is not sound, or not whole, does not stay under that name.
///
/// # Errors
/// The file is there already, or cannot be written; the store cannot be read.
pub async fn back_up(url: &str, to: &Path) -> StoreResult<Checked> {
    sqlite::backup::copy(file_of(url)?, to).await
}

/// Reads all of the store at an address, which may be in use, and tells whether it is sound. Changes nothing.
///
/// # Errors
/// There is none, or it cannot be read at all.
pub async fn check(url: &str) -> StoreResult<Checked> {
    sqlite::backup::check(file_of(url)?).await
}

/// The file of an address.
pub(super) fn file_of(url: &str) -> StoreResult<&Path> {
    match url.split_once(':') {
        Some(("sqlite", rest)) => match rest.strip_prefix("//").unwrap_or(rest) {
            "" | ":memory:" => Err(StoreError::Address(
                "sqlite: needs the path of a file, sqlite:PATH".to_owned(),
            )),
            path => Ok(Path::new(path)),
        },
        // The rest of an address may hold a password: it does not belong into a message.
        Some((scheme, _)) => Err(StoreError::Address(format!(
            "{scheme}: is not known here, sqlite:PATH is"
        ))),
        None => Err(StoreError::Address(
            "it must begin with a scheme, as in sqlite:PATH".to_owned(),
        )),
    }
}
