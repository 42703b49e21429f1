//! What a handler may ask of a request: who calls, from where, with which body.

pub mod address;
pub mod after;
pub mod api_key;
pub mod client_id;
pub mod either;
pub mod json;
pub mod login;
pub mod query;
pub mod visitor;
