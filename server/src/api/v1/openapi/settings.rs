//! The settings in force, and whether a model answers.

use http::Method;
use serde_json::json;

use crate::api::operation::{Operation, Schema};
use crate::api::v1::settings::{ModelTried, SettingsView, TryModel};

pub(super) fn operations() -> Vec<Operation> {
    vec![show(), test()]
}

fn show() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/settings",
        "show_settings",
        "Look at the settings in force",
    )
    .answers(
        200,
        "The settings, without their secrets.",
        Schema::of::<SettingsView>(),
        json!({
            "version": "0.1.0",
            "public_url": "https://chat.example.com",
            "console_url": "https://console.example.com",
            "database": "sqlite:data/atthene.db",
            "listen": { "public": "127.0.0.1:8080", "console": "127.0.0.1:8090", "metrics": null },
            "trusted_proxies": ["127.0.0.1"],
            "limits": { "message_chars": 10000 },
            "upstream": { "retries": 2 },
            "retention": { "sessions_days": 90, "traces_days": 14 },
            "models": [{
                "name": "fast", "provider": "openai", "target": "openai/gpt-5-mini", "is_ready": true, "problem": null,
            }],
            "providers": [{
                "name": "openai", "kind": "openai", "base_url": "https://api.openai.com/v1/", "key_from": "environment",
            }],
            "has_moderation": false,
            "console": { "is_local": true },
        }),
    )
}

fn test() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/providers/test",
        "test_provider",
        "Try whether a model answers",
    )
    .described("Sends one tiny request. That the model does not answer is the answer, not a failure of the request.")
    .reads(Schema::of::<TryModel>(), json!({ "model": "builtin" }))
    .answers(
        200,
        "What it answered.",
        Schema::of::<ModelTried>(),
        json!({
            "ok": false,
            "latency_ms": 212,
            "reply": null,
            "error": "status 401: invalid_api_key: Incorrect API key provided.",
        }),
    )
}
