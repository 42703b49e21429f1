//! The rules of the screen: what is shown and what is to be done, decided from state and event alone. No browser, no
//! clock, no network here: what happens comes in as an [`Event`], what is to be done goes out as [`Effect`]s.

pub mod event;
mod line;
pub mod model;
pub mod update;
mod wire;

#[cfg(test)]
mod tests;

pub use event::{Call, Effect, Event, Failure, MessageSeen, Moment, SessionStarted};
pub use model::{Chat, Deed, Delivery, Link, Message, Notice, Question, Route};
