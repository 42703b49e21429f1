//! Knowledge: folders into the index, questions to their passages.

mod answers;
mod folder;
mod questions;
