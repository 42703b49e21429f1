//! The visitor routes, over real sockets.

mod conversation;
mod gate;
mod ownership;
mod policy;
mod streams;
