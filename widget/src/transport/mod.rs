//! The way to the server and back: requests, the stream of events, how long to wait between attempts.

pub mod backoff;
pub mod decode;
#[cfg(target_arch = "wasm32")]
pub(crate) mod http;
#[cfg(target_arch = "wasm32")]
pub(crate) mod json;
pub mod sse;

#[cfg(test)]
mod tests;
