//! it.

mod markdown;
mod store;
