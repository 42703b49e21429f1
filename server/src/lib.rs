//! The server: decides who may embed an agent, keeps the conversation, runs the agent, streams the answer.
//!
//! The map of the rooms is in ARCHITECTURE.md.

pub mod config;
pub mod domain;
pub mod llm;
pub mod model;
pub mod runner;
pub mod store;
