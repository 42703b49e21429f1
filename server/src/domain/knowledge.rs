//! What agents know: files become passages, a question finds them.
