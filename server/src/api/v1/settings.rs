//! `/settings` and `/providers/test`: the settings in force, without their secrets, and whether a model answers.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use utoipa::ToSchema;

use crate::domain::agents::ModelState;
use crate::domain::conversation::Trial;
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::JsonBody;
use crate::http::problem::Failure;
use crate::state::AppState;

/// The settings in force. What is secret is not in it, and what may hold a secret is told by its kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsView {
    /// The server's version.
    version: &'static str,
    /// Where visitors and back ends are served.
    public_url: String,
    /// Where the console is served.
    console_url: String,
    /// Where the data is.
    database: String,
    /// The addresses that it listens on.
    listen: ListenView,
    /// Whose `X-Forwarded-For` is believed.
    #[schema(value_type = Vec<String>)]
    trusted_proxies: Vec<IpAddr>,
    /// The limits by name.
    #[schema(value_type = BTreeMap<String, u64>)]
    limits: Value,
    /// Time limits and attempts of model calls, by name.
    #[schema(value_type = BTreeMap<String, u64>)]
    upstream: Value,
    /// How long things are kept, in days.
    retention: RetentionView,
    /// `builtin`, the short names of the settings, and every other model that an agent asks for.
    models: Vec<ModelView>,
    /// The providers by name.
    providers: Vec<ProviderView>,
    /// Whether questions can be put to a moderation endpoint.
    has_moderation: bool,
    /// Whether the console can be reached from this machine alone.
    console: ConsoleView,
}

/// The addresses that it listens on.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListenView {
    #[schema(value_type = String)]
    public: SocketAddr,
    #[schema(value_type = Option<String>)]
    console: Option<SocketAddr>,
    #[schema(value_type = Option<String>)]
    metrics: Option<SocketAddr>,
}

/// How long things are kept, in days.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionView {
    sessions_days: u32,
    traces_days: u32,
}

/// A model.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelView {
    /// How an agent's configuration names it.
    name: String,
    /// The provider that is asked.
    provider: String,
    /// The whole name, `provider/name`.
    target: String,
    /// Whether it can be asked.
    is_ready: bool,
    /// Why not.
    problem: Option<String>,
}

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderView {
    name: String,
    /// What it speaks.
    #[schema(value_type = String)]
    kind: Value,
    /// Where it is.
    base_url: String,
    /// Where its key comes from: `settings`, `environment`, or null where it has none.
    key_from: Option<&'static str>,
}

/// The console.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsoleView {
    is_local: bool,
}

/// Which model is to be tried.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TryModel {
    /// As an agent's configuration names it.
    model: String,
}

/// What it answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelTried {
    /// Whether it answered.
    ok: bool,
    /// How long its first words took.
    latency_ms: u64,
    /// Its first words.
    reply: Option<String>,
    /// Why it did not, in the vendor's own words where it said some.
    error: Option<String>,
}

impl From<ModelState> for ModelView {
    fn from(model: ModelState) -> Self {
        Self {
            is_ready: model.problem.is_none(),
            name: model.name,
            provider: model.provider,
            target: model.target,
            problem: model.problem,
        }
    }
}

impl From<Trial> for ModelTried {
    fn from(trial: Trial) -> Self {
        Self {
            ok: trial.error.is_none(),
            latency_ms: trial.latency_ms,
            reply: trial.reply,
            error: trial.error,
        }
    }
}

/// The settings in force.
///
/// # Errors
/// As the catalogue says.
pub async fn show_settings(State(state): State<AppState>, Caller(caller): Caller) -> Result<Json<SettingsView>, Error> {
    let models = state.agents.list_models(&caller).await?;
    let settings = &state.settings;
    Ok(Json(SettingsView {
        version: env!("CARGO_PKG_VERSION"),
        public_url: settings.public_url.clone(),
        console_url: settings.console_url.clone(),
        database: without_secrets(&settings.database_url),
        listen: ListenView {
            public: settings.listen,
            console: settings.console_address(),
            metrics: settings.metrics_address(),
        },
        trusted_proxies: settings.trusted_proxies.clone(),
        limits: json!(settings.limits),
        upstream: json!(settings.upstream),
        retention: RetentionView {
            sessions_days: settings.retention.sessions_days,
            traces_days: settings.retention.traces_days,
        },
        models: models.into_iter().map(ModelView::from).collect(),
        providers: providers(&state),
        has_moderation: settings.moderation.is_set(),
        console: ConsoleView {
            is_local: settings.has_local_console(),
        },
    }))
}

/// Sends one tiny request to a model. That it does not answer is the answer, not a failure of the request.
///
/// # Errors
/// 422.
pub async fn test_provider(
    State(state): State<AppState>,
    JsonBody(body): JsonBody<TryModel>,
) -> Result<Json<ModelTried>, Failure> {
    Ok(Json(state.conversations.try_model(&body.model).await.into()))
}

fn providers(state: &AppState) -> Vec<ProviderView> {
    let shown = state.settings.providers.iter().map(|(name, provider)| ProviderView {
        name: name.clone(),
        kind: json!(provider.kind),
        base_url: without_secrets(&provider.base_url),
        key_from: match (&provider.api_key, &provider.api_key_env) {
            (Some(_), _) => Some("settings"),
            (None, Some(_)) => Some("environment"),
            (None, None) => None,
        },
    });
    shown.collect()
}

/// An address without what may be secret in it: user, password, query. One that has no such parts is shown as it is.
fn without_secrets(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return String::new();
    };
    if url.cannot_be_a_base() {
        return address.split(['?', '#']).next().unwrap_or_default().to_owned();
    }
    url.set_query(None);
    url.set_fragment(None);
    // Neither fails where there is a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}
