//! The harness of the integration tests: a whole server on a free port, with a time and a model that the test owns.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot be set up must fail loudly"
)]

pub mod app;
pub mod back_end;
pub mod bench;
pub mod console_user;
pub mod fault_proxy;
pub mod files;
pub mod fold;
pub mod fuzz;
pub mod oracle;
pub mod scripted;
pub mod soak;
pub mod socket;
pub mod sse;
pub mod visitor;

pub use app::{AgentSpec, TestApp};
pub use back_end::BackEnd;
pub use console_user::ConsoleUser;
pub use scripted::Piece;
pub use sse::EventReader;
pub use visitor::TestVisitor;
