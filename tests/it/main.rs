//! The one integration binary: what the parts promise, tried from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod markdown;
mod store;
