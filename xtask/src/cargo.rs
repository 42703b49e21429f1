//! How cargo is called from within `cargo run`. It is not a wrapper of cargo's options: callers pass those.

use std::process::Command;

/// Cargo, without the variables that `cargo run` gave to this process.
///
/// Left in place they would reach the build scripts of dependencies, some of which watch them and would be built anew
/// on every change between `cargo build` and `cargo xtask`.
pub(crate) fn command() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    command
}
