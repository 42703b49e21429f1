//! What every request passes on its way in and out; the order is in `router.rs`.

pub mod dialect;
pub mod gate;
pub mod idempotency;
pub mod key;
pub mod log;
pub mod metrics;
pub mod preflight;
pub mod request_id;
pub mod security_headers;
pub mod setup;
