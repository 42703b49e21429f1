//! The integration tests, one binary; its files mirror the URL tree and the seams.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot be set up must fail loudly, and figures are printed"
)]

mod agents;
mod assets;
mod config;
mod knowledge;
mod markdown;
mod models;
mod origins;
mod public;
mod process;
mod store;
