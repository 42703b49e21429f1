//! WebSockets (RFC 6455) as a transport: the opening handshake, text messages both ways, and every way to end. It knows
//! nothing of what the messages say.

mod handshake;
mod wire;

pub use handshake::Handshake;
pub use wire::{Received, Wire};

use tokio_util::task::task_tracker::TaskTrackerToken;

/// Keeps the server from ending while a connection that has become a socket is open; the listener puts it into the
/// request.
#[derive(Clone, Debug)]
pub struct Tracked(pub TaskTrackerToken);
