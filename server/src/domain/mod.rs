//! The product's rules. No axum, no sqlx, no reqwest, no redis.

pub mod agents;
pub mod audit;
pub mod budgets;
pub mod clock;
pub mod conversation;
pub mod demo;
pub mod error;
pub mod gate;
pub mod idempotency;
pub mod key_uses;
pub mod keys;
pub mod knowledge;
pub mod limits;
pub mod origins;
pub mod retention;
pub mod traces;
pub mod usage;
pub mod users;
pub mod visitors;
