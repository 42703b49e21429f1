//! What is remembered from one page to the next: the resume secret, the draft, the messages that are not delivered yet.
//! Where nothing may be stored it is remembered for as long as the page lives.

use std::cell::RefCell;

use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;

use crate::transport::decode::Json;
use crate::transport::json::stringify;

/// The name of the resume secret.
pub(crate) const RESUME: &str = "resume";
/// The name of the draft.
pub(crate) const DRAFT: &str = "draft";
const OUTBOX: &str = "outbox";

/// A message that is not delivered yet.
pub(crate) struct Kept {
    pub(crate) client_id: String,
    pub(crate) content: String,
    pub(crate) at_ms: f64,
}

pub(crate) struct Storage {
    prefix: String,
    store: Option<web_sys::Storage>,
    memory: RefCell<Vec<(&'static str, String)>>,
}

impl Storage {
    /// What belongs to this agent of this server.
    pub(crate) fn new(api_url: &str, agent_key: &str) -> Self {
        let mut prefix = String::from("atthene:");
        prefix.push_str(api_url);
        prefix.push('|');
        prefix.push_str(agent_key);
        prefix.push('|');
        let store = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        Self {
            prefix,
            store,
            memory: RefCell::default(),
        }
    }

    fn key(&self, name: &str) -> String {
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

    fn entries(&self) -> Vec<JsValue> {
        JSON::parse(&self.read(OUTBOX)).map(|v| v.items()).unwrap_or_default()
    }

    /// The messages that are not delivered yet, in their order.
    pub(crate) fn outbox(&self) -> Vec<Kept> {
        let part = |entry: &[JsValue], at: usize| entry.get(at).and_then(Json::text);
        let kept = |entry: &JsValue| {
            let entry = entry.items();
            Some(Kept {
                client_id: part(&entry, 0)?,
                content: part(&entry, 1)?,
                at_ms: entry.get(2).and_then(Json::number)?,
            })
        };
        self.entries().iter().filter_map(kept).collect()
    }

    /// Takes a message out of the outbox, or puts it in its last place. Read and written in one go: another tab has the same outbox.
    pub(crate) fn update_outbox(&self, client_id: &str, kept: Option<(&str, f64)>) {
        let outbox = Array::new();
        for entry in self.entries() {
            if entry
                .items()
                .first()
                .and_then(Json::text)
                .is_none_or(|id| id != client_id)
            {
                outbox.push(&entry);
            }
        }
        if let Some((content, at_ms)) = kept {
            outbox.push(&Array::of3(&client_id.into(), &content.into(), &at_ms.into()));
        }
        self.write(
            OUTBOX,
            &if outbox.length() == 0 {
                String::new()
            } else {
                stringify(&outbox)
            },
        );
    }
}
