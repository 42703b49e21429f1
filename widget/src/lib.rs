//! The widget.

pub mod markdown;
