//! The types on the wire, shared by the server, the console and the tests.
//!
//! No I/O and no rules of the product. With the feature `serde` the types read and write JSON; the widget decodes the
//! same frames by hand (serde_json costs 22 kB of it), and a fixture test proves that both agree.

pub mod event;
pub mod ids;
#[cfg(feature = "serde")]
pub mod problem;
pub mod socket;
pub mod visitor;
pub mod widget;

/// The version of the AG-UI protocol that the events speak.
pub const AG_UI_VERSION: &str = "1.0";
