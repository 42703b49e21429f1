//! Markdown as the answers of agents use it: text in, tree out, DOM nodes on the page. Not a general library: raw HTML and
//! images stay text and links, and what hardly any answer uses (the full entity table) is left out to stay small.
//!
//! `parse` is the way in, `block` finds the blocks, `inline` what stands in their lines; only `view` knows a browser.

mod block;
#[cfg(target_arch = "wasm32")]
mod copy;
mod cursor;
mod emphasis;
mod escape;
mod inline;
mod link;
mod parse;
mod reference;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod url;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub(crate) use copy::{COPY, copy};
pub use parse::{Change, Stream, parse};
pub use tree::{Kind, Node, plain_text};
pub use url::safe_url;
#[cfg(target_arch = "wasm32")]
pub use view::MarkdownView;

/// How many containers (quotes, list items) or inline elements may stand inside each other; what goes deeper is text.
pub const MAX_DEPTH: usize = 16;
