//! Models: providers against a server that misbehaves, the time limits, and the runner above them.

mod faults;
mod limits;
mod provider;
mod runner;
pub(crate) mod upstream;
