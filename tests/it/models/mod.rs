//! Models: providers against a server that misbehaves, the time limits, and the runner above them.

mod faults;
mod images;
mod limits;
mod memory;
mod provider;
mod runner;
mod upstream;
mod vendors;
