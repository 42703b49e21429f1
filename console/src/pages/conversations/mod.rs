//! Everybody's conversations: found, looked at while they go on, exported, erased.

mod export;
mod facts;
mod feedback;
mod list;
mod talk;

use leptos::task::spawn_local;

pub use list::list;

use crate::api::types::{Conversation, MessagePage};
use crate::api::{self, Failure};
use crate::prelude::*;
use crate::route::Route;
use crate::state::late_words as words;
use crate::state::state;
use crate::view::status::{failed, skeleton};
use crate::view::{Button, Confirm, Icon, Kind, Loaded, PageHead, Tone, icon, pill, remote};
use talk::Talk;

/// So many messages are brought at once.
const AT_ONCE: u64 = 100;

/// How a state is meant.
fn tone(status: &str) -> Tone {
    match status {
        "error" => Tone::Bad,
        "processing" => Tone::Warn,
        "active" => Tone::Good,
        _ => Tone::Plain,
    }
}

fn title(conversation: &Conversation) -> String {
    if conversation.title.is_empty() {
        words().conversations.untitled.to_owned()
    } else {
        conversation.title.clone()
    }
}

/// The page of one conversation.
pub fn conversation(id: String) -> impl IntoView {
    let found = remote(move || {
        let id = id.clone();
        async move {
            let conversation = api::find_conversation(&id).await?;
            let from = conversation.message_count.saturating_sub(AT_ONCE);
            let page = api::list_messages(&id, from, 2 * AT_ONCE).await?;
            Ok::<_, Failure>((conversation, from, page))
        }
    });
    let words = words();
    let above = (words.conversations.title, Route::Conversations);
    move || match found.read() {
        Loaded::Waiting => view! {
            <PageHead title=words.conversations.conversation above=above.clone() />
            {skeleton()}
        },
        Loaded::Failed(failure) => view! {
            <PageHead title=words.conversations.conversation above=above.clone() />
            {failed(&failure, move || found.restart())}
        },
        Loaded::Ready((conversation, from, page)) => shown(conversation, from, page).into_any(),
    }
}

fn shown(conversation: Conversation, from: u64, page: MessagePage) -> impl IntoView {
    let words = words();
    let talk = Talk::new(&conversation, from, page.messages);
    talk.follow();
    let beside = view! { {move || talk.status.with(|status| pill(words.conversations.state(&status.status), tone(&status.status)))} };
    let traces = Route::ConversationTraces(conversation.session_id.clone()).path();
    let actions = view! {
        <a class="btn" href=traces>{icon(Icon::Trace)}{words.conversations.traces}</a>
        {erasure(conversation.session_id.clone())}
    };
    view! {
        <PageHead
            title=title(&conversation)
            above=(words.conversations.title, Route::Conversations)
            beside=beside.into_any()
            actions=actions.into_any()
        />
        <div class="cols">
            {talk::messages(talk, &conversation.kind)}
            {facts::facts(&conversation, talk)}
        </div>
    }
}

/// The button that erases it, and the question before. A viewer has neither.
fn erasure(id: String) -> impl IntoView {
    let words = words();
    let (is_asked, is_busy) = (RwSignal::new(false), RwSignal::new(false));
    let id = StoredValue::new(id);
    let erase = move || {
        is_busy.set(true);
        spawn_local(async move {
            match api::erase_conversation(&id.get_value()).await {
                Ok(()) => {
                    is_asked.try_set(false);
                    state().say(words.conversations.erased);
                    state().go(Route::Conversations);
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    move || {
        state().may_change().then(|| {
            view! {
                <Button
                    label=words.conversations.erase
                    kind=Kind::Danger
                    sign=Icon::Bin
                    on_press=move || is_asked.set(true)
                />
                <Confirm
                    is_open=is_asked
                    title=words.conversations.erase_title
                    text=words.conversations.erase_text
                    yes=words.conversations.erase
                    is_dangerous=true
                    is_busy=is_busy
                    on_yes=erase
                />
            }
        })
    }
}
