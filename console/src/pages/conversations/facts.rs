//! What is known of a conversation beside its messages.

use super::talk::Talk;
use crate::api::types::Conversation;
use crate::prelude::*;
use crate::route::{Route, Tab};
use crate::state::late_words as words;
use crate::view::{Card, time};

/// The card beside the messages.
pub(super) fn facts(conversation: &Conversation, talk: Talk) -> impl IntoView + use<> {
    let words = words();
    let agent = conversation.agent_key.clone().map(|key| {
        let name = conversation.agent_name.clone().unwrap_or_else(|| key.clone());
        view! { <a href=Route::Agent(key, Tab::Overview).path()>{name}</a> }
    });
    let page = conversation.page_url.as_deref().map(address);
    let facts = view! {
        <dl class="facts">
                {agent.map(|agent| fact(words.conversations.agent, agent))}
                {fact(words.conversations.kind, words.conversations.kind_of(&conversation.kind))}
                {conversation.origin.clone().map(|origin| fact(words.conversations.origin, view! { <code>{origin}</code> }))}
                {page.map(|page| fact(words.conversations.page, page))}
                {conversation
                    .visitor_id
                    .clone()
                    .map(|visitor| fact(words.conversations.visitor_id, view! { <code>{visitor}</code> }))}
                {fact(words.conversations.began, time(&conversation.created_at))}
                {fact(
                    words.conversations.last,
                    move || talk.status.with(|status| time(&status.last_activity)),
                )}
                {fact(words.conversations.id, view! { <code>{conversation.session_id.clone()}</code> })}
            </dl>
    };
    view! { <Card title=words.conversations.facts>{facts}</Card> }
}

fn fact(name: &'static str, value: impl IntoView) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
}

/// The address of a page as a link, where it is one that a browser may follow; else as text.
fn address(url: &str) -> AnyView {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if is_web {
        let (url, said) = (url.to_owned(), url.to_owned());
        view! { <a href=url target="_blank" rel="noopener noreferrer nofollow">{said}</a> }
    } else {
        view! { <code>{url.to_owned()}</code> }
    }
}
