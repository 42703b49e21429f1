//! The integration tests, one binary; its files mirror the URL tree and the seams.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot be set up must fail loudly, and figures are printed"
)]

mod agents;
mod assets;
mod budgets;
mod bus;
mod config;
mod console;
mod dialects;
mod docs;
mod knowledge;
mod limits;
mod markdown;
mod metrics;
mod models;
mod origins;
mod process;
mod public;
mod retention;
mod socket;
mod store;
mod users;
mod v1;
mod wire;
