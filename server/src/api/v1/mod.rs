//! Atthene REST, `/api/v1/...`: sessions, runtime, keys. For back ends with an API key; errors have our own body.

pub mod execute;
pub mod input;
pub mod keys;
pub mod runtime;
pub mod sessions;
pub mod types;
