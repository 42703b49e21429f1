//! The visitor routes, over real sockets.

mod conversation;
mod draining;
mod gate;
mod ownership;
mod policy;
mod settings;
mod slow;
mod steps;
mod streams;
mod tokens;
pub(crate) mod waiting;
