//! Who may embed an agent: allowed entries, the Origin of a request, and the one comparison between them.
//! It is not the gate itself: headers, status codes and audit live with the callers. Nothing here knows HTTP.
//!
//! The rules are small on purpose. Both sides are brought to one canonical text by the same parser, then compared
//! by equality. There is no regular expression, no prefix and no substring test anywhere in this folder.

mod entry;
mod explain;
mod list;
mod parts;
mod problem;
mod repair;
mod request;
mod set;
mod suffix;
#[cfg(test)]
mod tests;

pub use entry::Entry;
pub use explain::{Hint, Verdict};
pub use list::{MAX_ENTRIES, parse_list};
pub use parts::Scheme;
pub use problem::{EntryError, EntryProblem};
pub use repair::suggest;
pub use request::{MAX_ORIGIN_BYTES, OriginError, RequestOrigin};
pub use set::{Match, OriginSet};
