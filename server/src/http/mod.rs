//! Tools that every dialect uses and that know no dialect.

pub mod assets;
pub mod console;
pub mod cookies;
pub mod embed;
pub mod extract;
pub mod health;
pub mod layer;
pub mod metrics;
pub mod problem;
pub mod snippet;
pub mod sse;
pub mod stream;
pub mod websocket;
