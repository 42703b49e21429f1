//! AG-UI 1.0, `POST /agui/{agent_key}`: a run in, its events out. A thread is a session: a visitor's own, or the one that
//! a key knows under the thread's id. Errors before the stream are Atthene's bodies, in it RUN_ERROR.

pub mod convert;
pub mod handlers;
pub mod openapi;
pub mod translate;
pub mod types;
