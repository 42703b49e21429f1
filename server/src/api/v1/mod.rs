//! Atthene REST, `/api/v1/...`: sessions and their turns, agents, keys, traces. For back ends with an API key, and for the
//! users of the console, whose log-ins and own routes are here, too; errors have our own body. The guard has looked at the
//! credential before any of these handlers runs.

pub mod access;
pub mod agents;
pub mod audit;
pub mod auth;
pub mod conversations;
pub mod embed;
pub mod events;
pub mod execute;
pub mod export;
pub mod input;
pub mod keys;
pub mod knowledge;
pub mod openapi;
pub mod preview;
pub mod runtime;
pub mod sessions;
pub mod settings;
pub mod traces;
pub mod types;
pub mod usage;
pub mod users;
pub mod validate;
pub mod versions;
