//! The one way to the server: typed requests to `/api/v1`, what they answer, and what went wrong. Pages know no paths of
//! the API and no status codes.

mod failure;
pub mod types;

#[cfg(target_arch = "wasm32")]
mod agents;
#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(target_arch = "wasm32")]
mod conversations;
#[cfg(target_arch = "wasm32")]
mod log_in;
#[cfg(target_arch = "wasm32")]
mod workspace;

#[cfg(target_arch = "wasm32")]
pub use agents::*;
#[cfg(target_arch = "wasm32")]
pub use conversations::*;
pub use failure::Failure;
#[cfg(target_arch = "wasm32")]
pub use log_in::*;
#[cfg(target_arch = "wasm32")]
pub use workspace::*;
