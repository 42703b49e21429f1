//! What is remembered from one page to the next: the resume secret, the draft, the messages that are not delivered yet.
//! Where nothing may be stored it is remembered for as long as the page lives.

use std::cell::RefCell;

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::chat::Message;
use crate::transport::decode::Json;
use crate::transport::json::{object, stringify};

/// The name of the resume secret.
pub(crate) const RESUME: &str = "resume";
/// The name of the draft.
pub(crate) const DRAFT: &str = "draft";
const OUTBOX: &str = "unsent";

/// A message that is not delivered yet.
pub(crate) struct Kept {
    pub(crate) client_id: String,
    pub(crate) content: String,
    pub(crate) at_ms: f64,
    pub(crate) answers: String,
}

pub(crate) struct Storage {
    prefix: String,
    store: Option<web_sys::Storage>,
    memory: RefCell<Vec<(&'static str, String)>>,
}

impl Storage {
    /// What belongs to this agent of this server; kept for as long as `persistence` says.
    pub(crate) fn new(api_url: &str, agent_key: &str, persistence: &str) -> Self {
        let mut prefix = String::from("atthene:");
        prefix.push_str(api_url);
        prefix.push('|');
        prefix.push_str(agent_key);
        prefix.push('|');
        let store = web_sys::window().and_then(|window| match persistence {
            "none" => None,
            "session" => window.session_storage().ok().flatten(),
            _ => window.local_storage().ok().flatten(),
        });
        Self {
            prefix,
            store,
            memory: RefCell::default(),
        }
    }

    /// The name of an entry in the browser's storage.
    pub(crate) fn key(&self, name: &str) -> String {
        let mut key = self.prefix.clone();
        key.push_str(name);
        key
    }

    /// What is remembered under this name; empty if nothing is.
    pub(crate) fn read(&self, name: &'static str) -> String {
        let stored = self
            .store
            .as_ref()
            .and_then(|store| store.get_item(&self.key(name)).ok().flatten());
        stored.unwrap_or_else(|| {
            self.memory
                .borrow()
                .iter()
                .find(|entry| entry.0 == name)
                .map(|entry| entry.1.clone())
                .unwrap_or_default()
        })
    }

    /// Remembers a text; forgets it if it is empty.
    pub(crate) fn write(&self, name: &'static str, text: &str) {
        let is_stored = self.store.as_ref().is_some_and(|store| {
            let key = self.key(name);
            if text.is_empty() {
                store.remove_item(&key)
            } else {
                store.set_item(&key, text)
            }
            .is_ok()
        });
        if !is_stored {
            let mut memory = self.memory.borrow_mut();
            memory.retain(|entry| entry.0 != name);
            memory.push((name, String::from(text)));
        }
    }

    /// By the visitor's own ids, in the order in which they were written.
    fn kept(&self) -> JsValue {
        JSON::parse(&self.read(OUTBOX)).unwrap_or_else(|_| object(&[]))
    }

    /// The messages that are not delivered yet, in their order.
    pub(crate) fn outbox(&self) -> Vec<Kept> {
        let kept = |entry: &JsValue| {
            let entry = entry.items();
            let value = entry.get(1)?;
            Some(Kept {
                client_id: entry.first()?.text()?,
                content: value.field("content")?.text()?,
                answers: value.text_of("answers"),
                at_ms: value.number_of("at_ms"),
            })
        };
        let entries = Object::entries(self.kept().unchecked_ref());
        entries.items().iter().filter_map(kept).collect()
    }

    /// Takes a message out of the outbox, or puts it in: in its own place, or the last. Read and written in one go:
    /// another tab has the same outbox.
    pub(crate) fn update_outbox(&self, client_id: &str, message: Option<&Message>) {
        let kept = self.kept();
        // A field without a value is none once it is text.
        let entry = message.map_or(JsValue::UNDEFINED, |message| {
            object(&[
                ("content", &(&*message.content).into()),
                ("answers", &(&*message.answers).into()),
                ("at_ms", &message.at_ms.into()),
            ])
        });
        let _ = Reflect::set(&kept, &client_id.into(), &entry);
        self.write(OUTBOX, &stringify(&kept));
    }
}
