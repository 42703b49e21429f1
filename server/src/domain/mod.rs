//! The product's rules. No axum, no sqlx, no reqwest, no redis.

pub mod agents;
pub mod clock;
pub mod error;
pub mod knowledge;
