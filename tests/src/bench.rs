//! Measurements that print ratios, never a pass or a fail: machines differ, and two runs of one machine do.

pub mod load;
pub mod process;
pub mod rest;
pub mod roles;
pub mod sockets;
pub mod stream;
