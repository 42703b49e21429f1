//! One message on the screen: its bubble, the day above it, time and state under it. Built and changed by hand: a delta
//! touches one text node and nothing else.

mod body;
pub(crate) mod time;

use std::cell::RefCell;

use atthene_protocol::event::{Role, SEARCHING, Status};
use atthene_protocol::visitor::Rating;
use web_sys::{Document, Element};

use super::add;
use crate::chat::{Chat, Deed, Delivery, Message};
use crate::text::Words;
use body::Body;

/// What all rows share.
pub(crate) struct Setting {
    pub(crate) document: Document,
    pub(crate) words: &'static Words,
    pub(crate) locale: String,
}

pub(crate) struct Row {
    pub(crate) root: Element,
    body: Body,
    day: Element,
    step: Element,
    meta: Element,
    /// The buttons in `meta` that rate the answer.
    rates: [Option<Element>; 2],
    /// What `meta` shows, so that it is left alone, and a focus in it, while it stays the same.
    shown: RefCell<(String, bool)>,
}

impl Row {
    /// An empty row of this speaker at the end of `list`.
    pub(crate) fn new(setting: &Setting, list: &Element, role: Role) -> Option<Self> {
        let document = &setting.document;
        let root = add(
            document,
            list,
            "div",
            if role == Role::User { "turn me" } else { "turn bot" },
        )?;
        let day = add(document, &root, "div", "day")?;
        if role == Role::User {
            add(document, &root, "span", "sr")?.set_text_content(Some(setting.words.you));
        }
        let step = add(document, &root, "div", "step")?;
        let bubble = add(document, &root, "div", "b")?;
        let meta = add(document, &root, "div", "meta")?;
        Some(Self {
            root,
            body: Body::new(setting, bubble, role == Role::Assistant),
            day,
            step,
            meta,
            rates: [None, None],
            shown: RefCell::default(),
        })
    }

    pub(crate) fn set(&mut self, text: &str) {
        self.body.set(text);
    }

    pub(crate) fn append(&mut self, delta: &str) {
        self.body.append(delta);
    }

    pub(crate) fn text(&self) -> String {
        self.body.text()
    }

    /// Brings everything but the text up to date.
    pub(crate) fn mark(&mut self, setting: &Setting, chat: &Chat, at: usize) {
        let message = chat.message(at);
        if message.status != Status::Running {
            self.body.finish();
        }
        let (locale, words) = (&*setting.locale, setting.words);
        let _ = self.root.set_attribute("data-status", state(message));
        // The first day stands above the welcome, which is the log's.
        let is_new_day = at > 0 && time::day(chat.message(at - 1).at_ms) != time::day(message.at_ms);
        let day = if is_new_day {
            time::day_name(message.at_ms, locale, words)
        } else {
            String::new()
        };
        self.day.set_text_content(Some(&day));

        show_deed(words, &self.step, &message.deed);

        let can_retry = at + 1 == chat.messages.len() && chat.can_retry();
        let text = meta(chat, at, setting);
        let mut shown = self.shown.borrow_mut();
        if shown.0 != text || shown.1 != can_retry {
            self.meta.set_text_content(Some(&text));
            if can_retry && let Some(button) = add(&setting.document, &self.meta, "button", "retry") {
                button.set_text_content(Some(words.retry));
            }
            if message.role == Role::Assistant && message.status == Status::Completed && !text.is_empty() {
                for (place, class) in self.rates.iter_mut().zip(["up", "down"]) {
                    *place = add(&setting.document, &self.meta, "button", class);
                }
            }
            *shown = (text, can_retry);
        }
        if let [Some(up), Some(down)] = &self.rates {
            press(up, words.rates[0], message.rating == Some(Rating::Up));
            press(down, words.rates[1], message.rating == Some(Rating::Down));
        }
    }
}

fn press(button: &Element, name: &str, is_pressed: bool) {
    let _ = button.set_attribute("title", name);
    let _ = button.set_attribute("aria-pressed", if is_pressed { "true" } else { "false" });
}

/// One quiet line; its sign before it is the style's.
pub(crate) fn show_deed(words: &Words, line: &Element, deed: &Deed) {
    line.set_text_content(Some(if deed.label == SEARCHING {
        words.searching[usize::from(deed.is_done)]
    } else {
        &deed.label
    }));
    line.set_class_name(if deed.is_done { "step done" } else { "step" });
}

/// The one word that styles and tests go by.
fn state(message: &Message) -> &'static str {
    match message.delivery {
        Delivery::Waiting => "waiting",
        Delivery::Sending => "sending",
        Delivery::Refused => "refused",
        Delivery::Delivered if message.role == Role::User => "delivered",
        Delivery::Delivered => message.status.as_str(),
    }
}

/// The line under a message: under the last of a group, and under each that has something to say.
fn meta(chat: &Chat, at: usize, setting: &Setting) -> String {
    let (message, words) = (chat.message(at), setting.words);
    let is_last = chat.messages.get(at + 1).is_none_or(|next| next.role != message.role);
    let word = match message.delivery {
        Delivery::Waiting => words.waiting,
        Delivery::Sending => words.sending,
        Delivery::Refused => words.refused,
        Delivery::Delivered if message.role == Role::User => {
            if is_last {
                words.delivered
            } else {
                return String::new();
            }
        }
        Delivery::Delivered => match message.status {
            Status::Running => return String::new(),
            Status::Stopped => words.stopped,
            Status::Interrupted => words.interrupted,
            Status::Error if message.problem.is_empty() => words.failed,
            Status::Error => &message.problem,
            _ if is_last => "",
            _ => return String::new(),
        },
    };
    // A sentence that asks for something stands for itself.
    if matches!(message.status, Status::Interrupted | Status::Error) {
        return String::from(word);
    }
    let mut line = time::clock(message.at_ms, &setting.locale);
    if !word.is_empty() {
        line.push_str(" · ");
        line.push_str(word);
    }
    line
}
