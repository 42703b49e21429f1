//! What settings may be, beyond their types: each mistake with its key and the right form. Reads nothing from outside.

use url::Url;

use super::{BUILTIN_MODEL, Settings, console};

const MIN_SECRET_CHARS: usize = 32;
const MAX_SECRETS: usize = 2;
const MOST_MESSAGE_CHARS: u32 = 100_000;
const MOST_SHUTDOWN_GRACE_MS: u64 = 600_000;
const MOST_TOKEN_TTL_S: u32 = 24 * 60 * 60;
const MOST_RESUME_DAYS: u32 = 3_650;
const MOST_KEPT_DAYS: u32 = 36_500;

/// Mistakes: key and sentence.
pub(super) fn check(settings: &Settings) -> Vec<(String, String)> {
    let mut mistakes = Vec::new();
    let mut say = |key: &str, form: String| mistakes.push((key.to_owned(), form));
    for (key, url) in [
        ("public_url", &settings.public_url),
        ("console_url", &settings.console_url),
    ] {
        if let Some(form) = own_url_problem(url) {
            say(key, form);
        }
    }
    if settings.console_url == settings.public_url {
        let form = "this must be another origin than `public_url`, such as https://console.example.com.";
        say("console_url", form.to_owned());
    }
    if !settings.console_listen.is_empty() && settings.console_address().is_none() {
        let form = "this must be an address with a port, such as 127.0.0.1:8090, or empty for no console.";
        say("console_listen", form.to_owned());
    }
    let is_loopback = settings
        .metrics_address()
        .is_some_and(|address| address.ip().is_loopback());
    if !settings.metrics_listen.is_empty() && !is_loopback {
        let form = "this must be a loopback address and a port, such as 127.0.0.1:9464, or empty for no metrics.";
        say("metrics_listen", form.to_owned());
    }
    let has_file = settings
        .database_url
        .strip_prefix("sqlite:")
        .is_some_and(|path| !path.is_empty());
    if !has_file {
        say(
            "database_url",
            "this must be sqlite: and a path, such as sqlite:data/atthene.db.".to_owned(),
        );
    }
    if settings.shutdown_grace_ms > MOST_SHUTDOWN_GRACE_MS {
        say(
            "shutdown_grace_ms",
            format!("this must be at most {MOST_SHUTDOWN_GRACE_MS}."),
        );
    }
    console::check(&settings.console, &mut say);
    check_visitor(settings, &mut say);
    check_limits(settings, &mut say);
    check_models(settings, &mut say);
    check_moderation(settings, &mut say);
    for (key, days) in [
        ("retention.sessions_days", settings.retention.sessions_days),
        ("retention.traces_days", settings.retention.traces_days),
    ] {
        if !(1..=MOST_KEPT_DAYS).contains(&days) {
            say(key, format!("this must be 1 to {MOST_KEPT_DAYS} days."));
        }
    }
    check_demo(settings, &mut say);
    mistakes
}

fn own_url_problem(text: &str) -> Option<String> {
    const FORM: &str = "this must be a scheme, a host and perhaps a port, such as https://chat.example.com.";
    let Ok(url) = Url::parse(text) else {
        return Some(FORM.to_owned());
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Some(FORM.to_owned());
    }
    let origin = url.origin().ascii_serialization();
    (text != origin).then(|| format!("this must have no path, no query and no slash at the end: write {origin}."))
}

fn check_visitor(settings: &Settings, say: &mut dyn FnMut(&str, String)) {
    let visitor = &settings.visitor;
    let is_short = |secret: &super::Secret| secret.reveal().chars().count() < MIN_SECRET_CHARS;
    if visitor.token_secrets.len() > MAX_SECRETS {
        say(
            "visitor.token_secrets",
            format!("there can be at most {MAX_SECRETS}: the one that signs, and the one before."),
        );
    }
    if visitor.token_secrets.iter().any(is_short) {
        say(
            "visitor.token_secrets",
            format!("every secret needs at least {MIN_SECRET_CHARS} characters."),
        );
    }
    if !(60..=MOST_TOKEN_TTL_S).contains(&visitor.token_ttl_s) {
        say(
            "visitor.token_ttl_s",
            format!("this must be 60 to {MOST_TOKEN_TTL_S} seconds."),
        );
    }
    if !(1..=MOST_RESUME_DAYS).contains(&visitor.resume_ttl_days) {
        say(
            "visitor.resume_ttl_days",
            format!("this must be 1 to {MOST_RESUME_DAYS} days."),
        );
    }
}

fn check_limits(settings: &Settings, say: &mut dyn FnMut(&str, String)) {
    let limits = &settings.limits;
    let upstream = &settings.upstream;
    let at_least_one = [
        (
            "limits.address_sessions_per_min",
            u64::from(limits.address_sessions_per_min),
        ),
        (
            "limits.address_messages_per_min",
            u64::from(limits.address_messages_per_min),
        ),
        ("limits.address_sockets", u64::from(limits.address_sockets)),
        ("limits.address_turns", u64::from(limits.address_turns)),
        (
            "limits.visitor_messages_per_min",
            u64::from(limits.visitor_messages_per_min),
        ),
        ("limits.visitor_sockets", u64::from(limits.visitor_sockets)),
        (
            "limits.agent_messages_per_min",
            u64::from(limits.agent_messages_per_min),
        ),
        ("limits.agent_turns", u64::from(limits.agent_turns)),
        ("limits.key_requests_per_min", u64::from(limits.key_requests_per_min)),
        ("limits.user_requests_per_min", u64::from(limits.user_requests_per_min)),
        ("limits.visitor_body_bytes", u64::from(limits.visitor_body_bytes)),
        ("limits.key_body_bytes", u64::from(limits.key_body_bytes)),
        ("limits.blocks_body_bytes", u64::from(limits.blocks_body_bytes)),
        ("limits.header_read_timeout_ms", limits.header_read_timeout_ms),
        ("limits.body_read_timeout_ms", limits.body_read_timeout_ms),
        ("limits.socket_message_bytes", u64::from(limits.socket_message_bytes)),
        ("limits.socket_start_timeout_ms", limits.socket_start_timeout_ms),
        ("limits.socket_ping_every_ms", limits.socket_ping_every_ms),
        ("limits.slow_reader_timeout_ms", limits.slow_reader_timeout_ms),
        ("upstream.connect_timeout_ms", upstream.connect_timeout_ms),
        ("upstream.first_token_timeout_ms", upstream.first_token_timeout_ms),
        ("upstream.idle_timeout_ms", upstream.idle_timeout_ms),
        ("upstream.total_timeout_ms", upstream.total_timeout_ms),
    ];
    for (key, _) in at_least_one.iter().filter(|(_, value)| *value == 0) {
        say(key, "this must be at least 1.".to_owned());
    }
    if !(1..=MOST_MESSAGE_CHARS).contains(&limits.message_chars) {
        say(
            "limits.message_chars",
            format!("this must be 1 to {MOST_MESSAGE_CHARS}."),
        );
    }
}

fn check_models(settings: &Settings, say: &mut dyn FnMut(&str, String)) {
    for (name, provider) in &settings.providers {
        let has_address = Url::parse(&provider.base_url).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
        });
        if !has_address {
            let form = "this must be the whole address of the API, such as https://api.openai.com/v1/.";
            say(&format!("providers.{name}.base_url"), form.to_owned());
        }
        if provider.api_key.is_some() && provider.api_key_env.is_some() {
            say(
                &format!("providers.{name}.api_key"),
                "give either `api_key` or `api_key_env`, not both.".to_owned(),
            );
        }
        if name.contains('/') || name == BUILTIN_MODEL {
            say(
                &format!("providers.{name}"),
                "a provider's name holds no slash and is not builtin.".to_owned(),
            );
        }
    }
    for (name, target) in &settings.models {
        let is_known = target == BUILTIN_MODEL
            || target
                .split_once('/')
                .is_some_and(|(provider, model)| !model.is_empty() && settings.providers.contains_key(provider));
        if !is_known {
            let form = "this must be `provider/name`, with a provider under [providers], such as openai/gpt-5-mini.";
            say(&format!("models.{name}"), form.to_owned());
        }
    }
}

fn check_moderation(settings: &Settings, say: &mut dyn FnMut(&str, String)) {
    let moderation = &settings.moderation;
    let is_address = Url::parse(&moderation.url).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
    });
    if !moderation.url.is_empty() && !is_address {
        let form = "this must be the whole address, without a user, such as https://api.openai.com/v1/moderations.";
        say("moderation.url", form.to_owned());
    }
    if moderation.timeout_ms == 0 {
        say("moderation.timeout_ms", "this must be at least 1.".to_owned());
    }
}

fn check_demo(settings: &Settings, say: &mut dyn FnMut(&str, String)) {
    let demo = &settings.demo;
    if demo.enabled && demo.port == demo.refused_port && demo.port != 0 {
        say(
            "demo.refused_port",
            "this must be another port than `demo.port`.".to_owned(),
        );
    }
}
