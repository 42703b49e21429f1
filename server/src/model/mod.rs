//! Plain data that crosses the seams: what the store keeps, the bus carries and the runner reads. No I/O, no rules.

pub mod agent;
pub mod audit;
pub mod conversation;
pub mod event;
pub mod key;
pub mod knowledge;
pub mod preview;
pub mod time;
pub mod trace;
pub mod usage;
pub mod user;
pub mod words;
