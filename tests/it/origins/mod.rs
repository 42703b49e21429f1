//! Who may embed: the rules of the domain first without a server, then on every route of one.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod either;
mod entries;
mod explained;
mod generated;
mod matching;
mod raw;
mod requests;
mod routes;
mod table;
