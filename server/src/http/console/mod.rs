//! What the console's listener serves to browsers: the console itself and the page to try the API. Each page has a policy
//! of its own (BAR.md O8).

pub mod app;
mod try_page;

pub use try_page::{show_file, show_page};
