//! The messages, oldest first. It follows what comes unless the visitor has scrolled up; a button leads back then.
//! While an answer streams nothing is touched that has not changed.

use atthene_protocol::event::Role;
use web_sys::Element;

use super::add;
use super::message::{Row, Setting, show_deed, time};
use crate::chat::{Chat, Effect};

/// So far from the end the visitor still counts as being there.
const NEAR_PX: i32 = 48;

pub(crate) struct Log {
    setting: Setting,
    pub(crate) list: Element,
    jump: Element,
    live: Element,
    first_day: Element,
    welcome: Row,
    welcomed: String,
    typing: Element,
    step: Element,
    is_typing: bool,
    rows: Vec<Row>,
    is_following: bool,
    /// Where the list was scrolled to when it was looked at last.
    top: i32,
}

impl Log {
    /// Fills `list`; `jump` is the button that leads to its end, `live` what screen readers read out.
    pub(crate) fn new(setting: Setting, list: Element, jump: Element, live: Element) -> Option<Self> {
        let document = &setting.document;
        let first_day = add(document, &list, "div", "day")?;
        first_day.set_text_content(Some(setting.words.today));
        let welcome = Row::new(&setting, &list, Role::Assistant)?;
        let typing = add(document, &list, "div", "turn bot typing off")?;
        let step = add(document, &typing, "div", "step")?;
        let dots = add(document, &typing, "div", "b")?;
        let _ = dots.set_attribute("role", "img");
        let _ = dots.set_attribute("aria-label", setting.words.typing);
        for _ in 0..3 {
            add(document, &dots, "i", "")?;
        }
        let choices = add(document, &list, "div", "chips")?;
        let _ = choices.set_attribute("role", "group");
        let _ = choices.set_attribute("aria-label", setting.words.choices);
        Some(Self {
            setting,
            list,
            jump,
            live,
            first_day,
            welcome,
            welcomed: String::new(),
            typing,
            step,
            is_typing: false,
            rows: Vec::new(),
            is_following: true,
            top: 0,
        })
    }

    /// The assistant's first words; none if empty.
    pub(crate) fn welcome(&mut self, text: &str) {
        if self.welcomed != text {
            self.welcomed = String::from(text);
            self.welcome.set(text);
        }
    }

    /// One change of the messages, or `None` when all changes of one event have been given.
    pub(crate) fn show(&mut self, chat: &Chat, effect: Option<&Effect>) {
        match effect {
            None => {
                if self.is_typing != chat.is_typing() {
                    self.is_typing = !self.is_typing;
                    self.typing.set_class_name(if self.is_typing {
                        "turn bot typing"
                    } else {
                        "turn bot typing off"
                    });
                }
                if self.is_typing {
                    show_deed(self.setting.words, &self.step, &chat.deed);
                }
                self.follow();
            }
            Some(Effect::Redraw) => {
                for row in self.rows.drain(..) {
                    row.root.remove();
                }
                for at in 0..chat.messages.len() {
                    self.insert(chat, at);
                }
                self.lead(true);
            }
            Some(&Effect::Insert(at)) => {
                self.insert(chat, at);
                // Whoever writes wants to see it.
                if chat.message(at).is_pending() {
                    self.lead(true);
                }
            }
            Some(&Effect::Append(at, ref delta)) => self.with(at, |row, _| row.append(delta)),
            Some(&Effect::Replace(at)) => self.with(at, |row, _| row.set(&chat.message(at).content)),
            Some(&Effect::Mark(at)) => self.with(at, |row, setting| row.mark(setting, chat, at)),
            Some(&Effect::Tell(at)) if chat.message(at).role == Role::Assistant => {
                let live = self.live.clone();
                self.with(at, |row, _| live.set_text_content(Some(&row.text())));
            }
            _ => {}
        }
    }

    fn with(&mut self, at: usize, change: impl FnOnce(&mut Row, &Setting)) {
        if let Some(row) = self.rows.get_mut(at) {
            change(row, &self.setting);
        }
    }

    fn insert(&mut self, chat: &Chat, at: usize) {
        let message = chat.message(at);
        let Some(mut row) = Row::new(&self.setting, &self.list, message.role) else {
            return;
        };
        row.set(&message.content);
        row.mark(&self.setting, chat, at);
        let next = self.rows.get(at).map_or(&self.typing, |row| &row.root);
        let _ = self.list.insert_before(&row.root, Some(next));
        self.rows.insert(at.min(self.rows.len()), row);
        if at == 0 {
            let day = time::day_name(message.at_ms, &self.setting.locale, self.setting.words);
            self.first_day.set_text_content(Some(&day));
        }
    }

    /// The place of the message under which this button stands.
    pub(crate) fn place_of(&self, button: &Element) -> Option<usize> {
        self.rows.iter().position(|row| row.root.contains(Some(button)))
    }

    /// To the end, if that is where the visitor is.
    pub(crate) fn follow(&mut self) {
        self.scrolled();
        if self.is_following {
            self.list.set_scroll_top(self.list.scroll_height());
            self.top = self.list.scroll_top();
        }
    }

    /// Back to the end and along with it again.
    pub(crate) fn jump(&mut self) {
        self.lead(true);
        self.follow();
    }

    /// The visitor may have scrolled, or there is more to scroll. Up, however little, means staying there: a stream that
    /// pulls back at every piece cannot be left.
    pub(crate) fn scrolled(&mut self) {
        let top = self.list.scroll_top();
        let distance = self.list.scroll_height() - top - self.list.client_height();
        if distance <= 2 || (top > self.top && distance < NEAR_PX) {
            self.lead(true);
        } else if top < self.top {
            self.lead(false);
        }
        self.top = top;
    }

    /// Whether the end leads; a visitor who is led has forgotten where they were.
    fn lead(&mut self, is_following: bool) {
        if is_following {
            self.top = 0;
        }
        if self.is_following != is_following {
            self.is_following = is_following;
            self.jump.set_class_name(if is_following { "jump off" } else { "jump" });
        }
    }
}
