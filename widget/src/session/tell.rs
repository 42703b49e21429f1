//! What the page and the visitor's screen reader are told, and the promises that the page waits for.

use atthene_protocol::event::Role;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Session;
use crate::chat::Message;
use crate::transport::decode::Json;
use crate::transport::json::object;

#[wasm_bindgen]
extern "C" {
    /// What the shim gives us to talk to it.
    pub type Host;
    #[wasm_bindgen(method, catch)]
    fn emit(this: &Host, name: &str, detail: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub(crate) fn close(this: &Host);
    #[wasm_bindgen(method)]
    pub(crate) fn refused(this: &Host);
    #[wasm_bindgen(method)]
    pub(crate) fn settings(this: &Host, settings: &JsValue);
    #[wasm_bindgen(method, js_name = setUnread)]
    fn set_unread(this: &Host, count: u32);
}

impl Session {
    /// Tells the page; a listener that throws is the page's own affair.
    pub(super) fn tell(&self, name: &str, fields: &[(&str, &str)]) {
        let detail = object(&[]);
        for (field, value) in fields {
            let _ = js_sys::Reflect::set(&detail, &(*field).into(), &(*value).into());
        }
        let _ = self.host.emit(name, &detail);
    }

    fn detail(&self, message: &Message) -> JsValue {
        let (role, kind) = match message.role {
            Role::User => ("user", "user_message"),
            Role::Assistant => ("assistant", "assistant_message"),
        };
        object(&[
            ("id", &(&*message.id).into()),
            ("role", &role.into()),
            ("type", &kind.into()),
            ("content", &(&*message.content).into()),
            (
                "timestamp",
                &js_sys::Date::new(&message.at_ms.into()).to_iso_string().into(),
            ),
            ("sessionId", &(&*self.chat().session_id).into()),
        ])
    }

    pub(super) fn tell_question(&self) {
        let chat = self.chat();
        let Some(question) = &chat.question else { return };
        let choices = js_sys::Array::new();
        for choice in &question.choices {
            choices.push(&choice.into());
        }
        let detail = object(&[
            ("interruptId", &(&*question.id).into()),
            ("message", &(&*question.message).into()),
            ("choices", &choices),
            ("sessionId", &(&*chat.session_id).into()),
        ]);
        drop(chat);
        let _ = self.host.emit("input-required", &detail);
    }

    /// As the server has kept it.
    pub(super) fn tell_rating(&self, kept: &JsValue) {
        let of = |name| kept.field(name).unwrap_or(JsValue::NULL);
        let detail = object(&[("messageId", &of("message_id")), ("rating", &of("rating"))]);
        let _ = self.host.emit("feedback", &detail);
    }

    pub(super) fn tell_message(&self, at: usize) {
        let message = self.chat().message(at).clone();
        if message.role == Role::Assistant && !self.chat().is_open {
            self.count_unread(self.unread.get() + 1);
        }
        let _ = self.host.emit("message", &self.detail(&message));
    }

    /// So many answers have not been seen.
    pub(crate) fn count_unread(&self, count: u32) {
        if self.unread.replace(count) != count {
            self.host.set_unread(count);
        }
    }

    /// For screen readers.
    pub(crate) fn say(&self, text: &str) {
        if let Some(live) = &*self.live.borrow() {
            live.set_text_content(Some(text));
        }
    }

    /// What the page is given for a message that it sends.
    pub(crate) fn promise(&self, client_id: &str) -> Promise {
        Promise::new(&mut |resolve: Function, reject: Function| {
            self.promises
                .borrow_mut()
                .push((String::from(client_id), resolve, reject));
        })
    }

    /// The message was delivered, or will never be.
    pub(super) fn settle(&self, at: usize, is_delivered: bool) {
        let message = self.chat().message(at).clone();
        self.storage.update_outbox(&message.client_id, None);
        let waiting = self
            .promises
            .borrow()
            .iter()
            .position(|entry| entry.0 == message.client_id);
        if let Some(waiting) = waiting {
            let (_, resolve, reject) = self.promises.borrow_mut().remove(waiting);
            let _ = if is_delivered {
                resolve.call1(&JsValue::UNDEFINED, &self.detail(&message))
            } else {
                reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new(self.words.refused))
            };
        }
    }
}
