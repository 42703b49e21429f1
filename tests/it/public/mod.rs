//! The visitor routes, over real sockets.

mod conversation;
mod draining;
mod erase;
mod faults;
mod feedback;
mod gate;
mod ownership;
mod policy;
mod resume;
mod seam;
mod settings;
mod slow;
mod steps;
mod streams;
mod tokens;
pub(crate) mod waiting;
