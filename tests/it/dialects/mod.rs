//! The foreign dialects, over real sockets: what each prints, and each one's error body for every failure.

mod agentok;
mod agui;
mod alike;
mod asking;
mod attive;
mod errors;
mod openai;
mod policy;
mod visiting;
