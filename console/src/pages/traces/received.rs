//! What the agent received, each part behind its heading: prompts and passages are long.

use crate::api::types::Received;
use crate::prelude::*;
use crate::state::late_words as words;

/// The parts.
pub(super) fn received(received: Option<&Received>) -> impl IntoView + use<> {
    let words = words().traces;
    let Some(received) = received else {
        return view! { <p class="quiet">{words.nothing_received}</p> };
    };
    let messages = received.messages.iter().map(|message| {
        let name = words.role(&message.role).to_owned();
        part(name, message.content.clone())
    });
    let messages = messages.collect_view();
    let has_sources = !received.sources.is_empty();
    let sources = received.sources.join("\n");
    view! {
        <div class="stack received">
            {part(words.prompt.to_owned(), received.system_prompt.clone())}
            {has_sources.then(|| part(words.sources.to_owned(), sources))}
            {messages}
        </div>
    }
}

/// A part with the beginning of its text beside its name.
fn part(name: String, text: String) -> impl IntoView {
    let beginning = text.lines().next().unwrap_or_default().to_owned();
    view! {
        <details>
            <summary>
                <b>{name}</b>
                <span class="quiet">{beginning}</span>
            </summary>
            <pre class="raw" tabindex="0" dir="auto">{text}</pre>
        </details>
    }
}
