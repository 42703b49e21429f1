//! Atthene REST, over real sockets.

mod keys;
mod runtime;
mod sessions;
