//! The socket `/ws/amas`: its close codes. The frames come with the socket itself.

/// A rule was broken.
pub const POLICY: u16 = 1008;
/// The token ended and was not renewed.
pub const TOKEN: u16 = 4401;
/// Public access or the origin was withdrawn.
pub const ACCESS_WITHDRAWN: u16 = 4403;
/// The server restarts; come back.
pub const RESTART: u16 = 1012;
/// The reader was too slow.
pub const TOO_SLOW: u16 = 1013;
