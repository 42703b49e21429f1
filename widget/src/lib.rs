//! The widget: the chat panel in the visitor's page, compiled to WASM and mounted by the shim. The rules (`chat`,
//! `options`, `text`, the pure half of `transport`) build and are tested natively; what needs a browser is for WASM only.

pub mod chat;
pub mod markdown;
pub mod options;
mod scan;
pub mod text;
pub mod transport;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
pub mod exports;
#[cfg(target_arch = "wasm32")]
mod hook;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
mod view;
