//! The integration tests, one binary; its files mirror the URL tree and the seams.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot be set up must fail loudly"
)]

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod knowledge;
mod markdown;
mod models;
mod origins;
mod public;
//! The one integration binary: what the parts promise, tried from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod markdown;
mod store;
