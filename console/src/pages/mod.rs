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

use crate::browser;
use crate::prelude::*;
use crate::route::Route;
use crate::state::words;
use crate::view::{Empty, Icon};

/// There is no such page.
pub fn not_found() -> impl IntoView {
    let words = words();
    browser::document().set_title(words.general.not_found);
    view! {
        <div class="card">
            <Empty sign=Icon::Find title=words.general.not_found text=words.general.not_found_text>
                <a class="btn" href=Route::Agents.path()>{words.shell.agents}</a>
            </Empty>
        </div>
    }
}
