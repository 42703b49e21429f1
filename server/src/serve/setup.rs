//! The set-up link of a console that has no owner: told once, on the terminal or in a file of its own, never in the log.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use super::Server;
use crate::boot::write_private;
use crate::domain::users::SETUP_PATH;

/// Makes a token where there is no owner yet, and tells it. Those of earlier starts end.
///
/// # Errors
/// The store failed, or the file cannot be written.
pub(super) async fn offer(server: &Server) -> Result<()> {
    let state = &server.booted.state;
    let token = state
        .users
        .new_setup_token()
        .await
        .map_err(|error| anyhow!("{error}"))?;
    let Some(token) = token else { return Ok(()) };
    let file = &state.settings.console.setup_token_file;
    if file.as_os_str().is_empty() {
        print(&format!("{}{SETUP_PATH}{token}", state.settings.console_url));
        return Ok(());
    }
    replace(file, &token).with_context(|| format!("the set-up token cannot be written to {}", file.display()))?;
    tracing::info!(file = %file.display(), "the console has no owner yet: the set-up token is in this file");
    Ok(())
}

/// A file that only its owner may read, whatever stood there before.
fn replace(file: &Path, token: &str) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => write_private(file, &format!("{token}\n")),
    }
}

/// For the person at the terminal, as the last words of a start.
fn print(link: &str) {
    let mut out = std::io::stdout();
    let (strong, plain) = if out.is_terminal() {
        ("\x1b[1m", "\x1b[0m")
    } else {
        ("", "")
    };
    // A terminal that is gone is no reason not to serve.
    let _ = writeln!(
        out,
        "\n  The console has no owner yet. Open this link within an hour to become the first one; it works once:\n\n  \
         {strong}{link}{plain}\n"
    );
    let _ = out.flush();
}
