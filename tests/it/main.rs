//! it.

mod markdown;
