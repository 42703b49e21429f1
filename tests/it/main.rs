//! it.

mod origins;
