//! The pages, one folder each. A page knows the parts of `view`, the words, and the API; it knows no other page.

pub mod agent;
pub mod agents;
pub mod audit;
pub mod conversations;
pub mod entry;
pub mod keys;
pub mod new_agent;
pub mod settings;
pub mod traces;
pub mod usage;
