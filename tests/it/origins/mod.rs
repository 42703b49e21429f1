//! Who may embed: the rules of the domain, without a server. What the routes answer is tested beside the routes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod entries;
mod explained;
mod generated;
mod matching;
mod requests;
mod table;
