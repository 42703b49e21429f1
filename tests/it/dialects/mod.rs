//! The foreign dialects, over real sockets: what each prints, and each one's error body for every failure.

mod agentok;
mod attive;
mod errors;
mod openai;
mod policy;
