//! Knowledge: folders into the index, questions to their passages.

mod folder;
mod questions;
