//! Models: providers against a server that misbehaves, the time limits, and the runner above them.

mod faults;
mod images;
mod limits;
mod memory;
mod moderation;
mod policy;
mod provider;
mod runner;
mod templates;
mod tools;
pub(crate) mod upstream;
mod vendors;
