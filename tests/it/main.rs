//! it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod knowledge;
mod markdown;
mod models;
