//! What an agent knows: documents cut into passages.

use super::time::Timestamp;

/// One file of a knowledge base.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Path below the folder that was added, with `/`.
    pub path: String,
    /// Its first heading, else its file name.
    pub title: String,
    /// SHA-256 of the file, hex: unchanged files are skipped.
    pub content_hash: String,
    /// How large the file was.
    pub bytes: u64,
    /// When it was indexed.
    pub indexed_at: Timestamp,
    /// Its text, cut along headings.
    pub passages: Vec<Passage>,
}

/// A document as lists tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSummary {
    /// Its knowledge base.
    pub base: String,
    /// Its path.
    pub path: String,
    /// How large the file was, where that was kept.
    pub bytes: Option<u64>,
    /// How many passages it gave.
    pub passages: u64,
    /// When it was indexed.
    pub indexed_at: Timestamp,
}

/// A piece of a document that can stand alone as a quotation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passage {
    /// The document's title.
    pub title: String,
    /// The document's path.
    pub path: String,
    /// The nearest heading above.
    pub heading: String,
    /// Plain text or Markdown.
    pub text: String,
}

/// A passage that a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The passage.
    pub passage: Passage,
    /// BM25, higher is better.
    pub score: f64,
}
