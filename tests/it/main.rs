//! it.

mod agents;
mod config;
mod markdown;
