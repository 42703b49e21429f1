//! What the server answers, as far as the console reads it. A field that it does not know is passed over, one that may be
//! missing has a default: an older page and a newer server get along. `tests/it/console` feeds real answers to these types.

mod agent;
mod conversation;
mod insight;
mod people;
#[cfg(test)]
mod tests;
mod workspace;

pub use agent::*;
pub use conversation::*;
pub use insight::*;
pub use people::*;
pub use workspace::*;
