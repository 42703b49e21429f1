//! The parts of which pages are made, one folder or file each, with its style beside it. A part knows no page and asks the
//! server for nothing. Markup is built element by element: what is static all through would be set as text by Leptos,
//! which the page's policy forbids, so each element below the first has a value that is an expression.

pub mod button;
pub mod card;
pub mod code;
pub mod dialog;
pub mod field;
pub mod filters;
pub mod form;
pub mod head;
pub mod icon;
pub mod link;
pub mod notice;
pub mod paged;
pub mod pill;
pub mod plot;
pub mod press;
pub mod preview;
pub mod shell;
pub mod status;
pub mod table;
pub mod time;

pub use button::{Button, Kind};
pub use card::{Card, Stat};
pub use code::CodeBlock;
pub use dialog::{Confirm, Dialog};
pub use field::{Choice, SelectField, Switch, TextArea, TextField};
pub use filters::Filters;
pub use form::{Failed, Form, Mistakes, SendButton, Sending};
pub use head::{PageHead, Tabs};
pub use icon::{Icon, icon};
pub use paged::{Page, Paged, listed, paged};
pub use pill::{Tone, pill};
pub use press::Press;
pub use status::{Empty, Loaded, Remote, remote, shown};
pub use table::Table;
pub use time::time;
