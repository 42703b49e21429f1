//! What a list is narrowed by. It stands in the address, too, under the names that the API has for it: a list can be sent
//! to somebody, and is the same when one comes back to it.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::api;
use crate::browser;

/// So long somebody may take between two letters.
const TYPING: Duration = Duration::from_millis(250);

/// The values by their names. A handle: copies are the same filters.
#[derive(Clone, Copy)]
pub struct Filters {
    fields: StoredValue<Vec<(&'static str, RwSignal<String>)>>,
}

impl Filters {
    /// Filters of these names, as the address has them.
    pub fn of(names: &[&'static str]) -> Self {
        let fields = names.iter().map(|name| {
            let value = browser::query_value(name).unwrap_or_default();
            (*name, RwSignal::new(value))
        });
        Self {
            fields: StoredValue::new(fields.collect()),
        }
    }

    /// The value of one.
    pub fn field(self, name: &'static str) -> RwSignal<String> {
        let found = self.fields.with_value(|fields| {
            let mut fields = fields.iter();
            fields.find(|(own, _)| *own == name).map(|(_, value)| *value)
        });
        found.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    fn values(self) -> Vec<(&'static str, String)> {
        let fields = self.fields.get_value();
        fields.into_iter().map(|(name, value)| (name, value.get())).collect()
    }

    /// Whether any is set; tracked.
    pub fn are_set(self) -> bool {
        self.values().iter().any(|(_, value)| !value.is_empty())
    }

    /// What is asked for, escaped, with more that only the list knows.
    pub fn query(self, more: &[(&str, &str)]) -> String {
        let values = untrack(|| self.values());
        let mut pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.trim())).collect();
        pairs.extend_from_slice(more);
        api::query(&pairs)
    }

    /// Takes all of them off.
    pub fn clear(self) {
        for (_, value) in self.fields.get_value() {
            value.set(String::new());
        }
    }

    /// Keeps the address right, and calls somebody when a filter has changed and nobody types any more.
    pub fn follow(self, changed: impl Fn() + Clone + 'static) {
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |before: Option<Vec<(&'static str, String)>>| {
            let values = self.values();
            let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser::set_query(&pairs);
            if before.is_some_and(|before| before != values) {
                if let Some(earlier) = waiting.get_value() {
                    earlier.clear();
                }
                waiting.set_value(set_timeout_with_handle(changed.clone(), TYPING).ok());
            }
            values
        });
        on_cleanup(move || {
            if let Some(Some(last)) = waiting.try_get_value() {
                last.clear();
            }
        });
    }
}
