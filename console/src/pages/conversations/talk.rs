//! What was said, as bubbles, while it is being said. What somebody wrote is shown as it is: text, never markup.

use std::time::Duration;

use leptos::task::spawn_local;

use super::AT_ONCE;
use super::feedback::opinion;
use crate::api;
use crate::api::types::{Conversation, ConversationStatus, Message};
use crate::prelude::*;
use crate::state::late_words as words;
use crate::view::{Button, Icon, Kind, time};

/// How often is looked while an answer is being written.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Else every so many times of that.
const IDLE_LOOKS: u32 = 3;

/// A conversation as far as it is here. A handle.
#[derive(Clone, Copy)]
pub(super) struct Talk {
    id: StoredValue<String>,
    /// How many messages come before the first that is here.
    from: RwSignal<u64>,
    messages: RwSignal<Vec<Message>>,
    /// What it is doing.
    pub(super) status: RwSignal<ConversationStatus>,
    is_busy: StoredValue<bool>,
}

impl Talk {
    pub(super) fn new(conversation: &Conversation, from: u64, messages: Vec<Message>) -> Self {
        Self {
            id: StoredValue::new(conversation.session_id.clone()),
            from: RwSignal::new(from),
            messages: RwSignal::new(messages),
            status: RwSignal::new(ConversationStatus {
                status: conversation.status.clone(),
                message_count: conversation.message_count,
                last_activity: conversation.last_activity.clone(),
                waiting_for_input: None,
            }),
            is_busy: StoredValue::new(false),
        }
    }

    /// Looks for what is new as long as the page is open and in sight.
    pub(super) fn follow(self) {
        let ticks = StoredValue::new(0_u32);
        let look = move || {
            let tick = ticks.try_update_value(|ticks| {
                *ticks = ticks.wrapping_add(1);
                *ticks
            });
            let is_running = self.status.try_with_untracked(ConversationStatus::is_running);
            let is_due = is_running == Some(true) || tick.is_some_and(|tick| tick.is_multiple_of(IDLE_LOOKS));
            let is_hidden = crate::browser::document().hidden();
            if is_due && !is_hidden && self.is_busy.try_get_value() == Some(false) {
                self.is_busy.set_value(true);
                spawn_local(self.look());
            }
        };
        if let Ok(timer) = set_interval_with_handle(look, LOOK_EVERY) {
            on_cleanup(move || timer.clear());
        }
    }

    /// Asks for the state, and for the messages from the last that is here, which may have grown.
    async fn look(self) {
        let id = self.id.get_value();
        if let Ok(status) = api::conversation_status(&id).await {
            let Some(before) = self.status.try_get_untracked() else {
                return;
            };
            if before != status || status.is_running() {
                self.fetch_end(&id).await;
            }
            if before != status {
                self.status.try_set(status);
            }
        }
        self.is_busy.try_set_value(false);
    }

    async fn fetch_end(self, id: &str) {
        let here = self.messages.try_with_untracked(Vec::len);
        let (Some(here), Some(from)) = (here, self.from.try_get_untracked()) else {
            return;
        };
        let kept = here.saturating_sub(1);
        if let Ok(page) = api::list_messages(id, from + kept as u64, AT_ONCE).await {
            let is_same = self
                .messages
                .try_with_untracked(|messages| messages.get(kept..) == Some(&page.messages[..]));
            if is_same == Some(false) {
                self.messages.try_update(|messages| {
                    messages.truncate(kept);
                    messages.extend(page.messages);
                });
            }
        }
    }

    /// Brings what was said before.
    fn bring_earlier(self, is_busy: RwSignal<bool>) {
        is_busy.set(true);
        spawn_local(async move {
            let (id, to) = (self.id.get_value(), self.from.get_untracked());
            let from = to.saturating_sub(AT_ONCE);
            match api::list_messages(&id, from, to - from).await {
                Ok(page) => {
                    self.messages.try_update(|messages| {
                        messages.splice(0..0, page.messages);
                    });
                    self.from.try_set(from);
                }
                Err(failure) => crate::state::state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    }
}

/// The bubbles.
pub(super) fn messages(talk: Talk, kind: &str) -> impl IntoView + use<> {
    let words = words();
    let is_busy = RwSignal::new(false);
    let asker = if kind == "backend" {
        words.conversations.from_backend
    } else {
        words.conversations.from_visitor
    };
    // An answer grows, and is rated: a bubble is drawn again when its text is another length, or somebody thinks otherwise.
    let each = move || talk.messages.get();
    let key = |message: &Message| (message.id.clone(), message.content.len(), message.feedback.clone());
    view! {
        <section class="card talk" aria-label=words.conversations.messages>
            <p class="talk-live">
                <i aria-hidden="true">{""}</i>
                {words.conversations.live}
            </p>
            {move || {
                (talk.from.get() > 0)
                    .then(|| {
                        view! {
                            <Button
                                label=words.conversations.older
                                kind=Kind::Quiet
                                is_busy=is_busy
                                on_press=move || talk.bring_earlier(is_busy)
                            />
                        }
                    })
            }}
            {move || {
                talk.messages
                    .with(Vec::is_empty)
                    .then(|| {
                        view! { <p class="quiet">{words.conversations.no_messages}</p> }
                    })
            }}
            <div class="bubbles" role="log" aria-label=words.conversations.messages>
                <For each=each key=key children=move |message| bubble(&message, asker) />
            </div>
            {move || {
                talk.status
                    .with(ConversationStatus::is_running)
                    .then(|| view! { <p class="talk-writing" role="status">{words.conversations.is_writing}</p> })
            }}
            {move || {
                talk.status
                    .with(|status| status.waiting_for_input.clone())
                    .map(|waiting| {
                        view! {
                            <div class="note">
                                {crate::view::icon(Icon::Warn)}
                                <p>{words.conversations.waits}{" "}{waiting.prompt}</p>
                            </div>
                        }
                    })
            }}
        </section>
    }
}

fn bubble(message: &Message, asker: &'static str) -> impl IntoView + use<> {
    let is_agent = message.role == "assistant";
    let (class, who) = if is_agent {
        ("bubble is-agent", words().conversations.from_agent)
    } else {
        ("bubble", asker)
    };
    view! {
        <div class=class>
            <p class="bubble-text" dir="auto">{message.content.clone()}</p>
            <p class="bubble-about">{who}{" \u{b7} "}{time(&message.timestamp)}</p>
            {message.feedback.as_ref().and_then(opinion)}
        </div>
    }
}
