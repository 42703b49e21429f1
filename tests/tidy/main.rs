//! The house's own rules, held as plain text checks: one file per rule, each with a bad sample that it must find.
//! There is no parser here; what needs one (unused code, lints) is clippy's business.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod backends;
mod dependencies;
mod dialects;
mod forbidden;
mod machines;
mod names;
mod papers;
mod shape;
mod skipped;
mod tree;
mod twins;
