//! The console: the web application of a site's admin, compiled to WASM and served by the server on `console_url`. What
//! needs no browser (`route`, `text`, `api::types`, `format`, `origin`) builds and is tested natively; the rest is for
//! WASM only. It knows no route of visitors: the widget that it shows is the real one, loaded from `public_url`.

pub mod api;
pub mod diff;
pub mod form;
pub mod format;
pub mod origin;
pub mod route;
pub mod text;

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod late;
#[cfg(target_arch = "wasm32")]
pub mod pages;
#[cfg(target_arch = "wasm32")]
mod prelude;
#[cfg(target_arch = "wasm32")]
pub mod state;
#[cfg(target_arch = "wasm32")]
pub mod view;
