//! `/api/v1` in the OpenAPI document.

mod agents;
mod conversations;
mod embedding;
mod forms;
mod keys;
mod knowledge;
mod runtime;
mod sessions;
mod settings;
mod usage;
mod users;

use atthene_protocol::problem::Problem;

use crate::api::document::Dialect;
use crate::api::operation::Schema;
use crate::api::refusals::write_own_failure;

const AGENT: &str = "agt_019a2b3c4d5e7f60a1b2c3d4e5f60718";
const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const MESSAGE: &str = "msg_019a2b3c4d5e7f60a1b2c3d4e5f60718";
const RUN: &str = "run_019a2b3c4d5e7f60a1b2c3d4e5f60718";
const SESSION: &str = "sess_019a2b3c4d5e7f60a1b2c3d4e5f60718";
const TIME: &str = "2026-11-22T10:00:00.000Z";

/// Its operations.
pub fn dialect() -> Dialect {
    let mut operations = sessions::operations();
    operations.extend(runtime::operations());
    operations.extend(conversations::operations());
    operations.extend(agents::operations());
    operations.extend(embedding::operations());
    operations.extend(knowledge::operations());
    operations.extend(keys::operations());
    operations.extend(settings::operations());
    operations.extend(usage::operations());
    Dialect {
        tag: "Atthene REST",
        description: "Sessions, runs, agents, keys and traces, for back ends.",
        write: write_own_failure,
        error: Schema::of::<Problem>(),
        is_of_console: false,
        alias: Some(("/api/v1/agents", "/api/v1/agent")),
        operations,
    }
}

/// What the console's listener serves beside that: logging in, and users.
pub fn console_dialect() -> Dialect {
    Dialect {
        tag: "Console",
        description: "Logging in and users, on the console's listener alone.",
        write: write_own_failure,
        error: Schema::of::<Problem>(),
        is_of_console: true,
        alias: None,
        operations: users::operations(),
    }
}
