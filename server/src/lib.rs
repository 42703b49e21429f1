//! The server: decides who may embed an agent, keeps the conversation, runs the agent, streams the answer.
//!
//! The map of the rooms is in ARCHITECTURE.md.

pub mod api;
pub mod boot;
pub mod bus;
pub mod cli;
pub mod config;
pub mod domain;
pub mod egress;
pub mod http;
pub mod llm;
pub mod log;
pub mod metrics;
pub mod model;
pub mod router;
pub mod runner;
pub mod serve;
pub mod state;
pub mod store;
