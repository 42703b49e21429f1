//! What the server runs with. It is read when it starts, so it is shown here with the place where it is changed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api;
use crate::api::types::ServerSettings;
use crate::format::{grouped, size, span};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Card, Icon, Table, icon, remote, shown};

/// The tab.
pub(super) fn server() -> impl IntoView {
    let words = words().settings;
    let found = remote(api::server_settings);
    view! {
        <div class="stack narrow">
            <div class="note is-info">
                {icon(Icon::Page)}
                <p>{fill(words.read_only, &["ATTHENE__LIMITS__MESSAGE_CHARS"])}</p>
            </div>
            {shown(found, |settings| all(&settings))}
        </div>
    }
}

fn all(settings: &ServerSettings) -> impl IntoView + use<> {
    let words = words().settings;
    let reach = if settings.console.is_local {
        words.is_local
    } else {
        words.is_remote
    };
    let moderation = if settings.has_moderation {
        words.is_set
    } else {
        words.is_not_set
    };
    let days = |days: u64| fill(words.days, &[&days.to_string()]);
    let addresses = vec![
        (words.version, settings.version.clone()),
        (words.public_url, settings.public_url.clone()),
        (words.console_url, settings.console_url.clone()),
        (words.console_local, reach.to_owned()),
        (words.database, settings.database.clone()),
        (words.moderation, moderation.to_owned()),
    ];
    let kept = vec![
        (words.keep_sessions, days(settings.retention.sessions_days)),
        (words.keep_traces, days(settings.retention.traces_days)),
    ];
    let limits = table(words.limits, "limits", &settings.limits);
    let upstream = table(words.upstream, "upstream", &settings.upstream);
    view! {
        <div class="stack">
            <Card title=words.addresses>{facts(addresses)}</Card>
            <Card title=words.retention>{facts(kept)}</Card>
            <Card title=words.limits about=words.limits_about>{limits}</Card>
            <Card title=words.upstream>{upstream}</Card>
        </div>
    }
}

fn facts(facts: Vec<(&'static str, String)>) -> impl IntoView {
    let facts = facts.into_iter().map(|(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    });
    view! { <dl class="facts">{facts.collect_view()}</dl> }
}

fn table(name: &'static str, group: &'static str, values: &BTreeMap<String, Value>) -> impl IntoView + use<> {
    let words = words().settings;
    let rows = values.iter().map(|(name, value)| {
        view! {
            <tr>
                <td>
                    <code>{format!("{group}.{name}")}</code>
                </td>
                <td class="end nums">{with_unit(name, value)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! { <Table caption=name columns=vec![words.setting, words.value]>{rows}</Table> }
}

/// A value with the unit that its name tells.
fn with_unit(name: &str, value: &Value) -> String {
    let locale = state().locale.get_untracked();
    match value.as_u64() {
        Some(ms) if name.ends_with("_ms") => span(ms, locale),
        Some(bytes) if name.ends_with("_bytes") => size(bytes, locale),
        Some(number) => grouped(number, locale),
        None => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}
