//! The server's settings: defaults, then a file, then the environment, then flags. Every one is explained in
//! `config.default.toml`, which a test holds against these types.

mod console;
pub mod load;
mod report;
mod secret;
mod validate;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use console::ConsoleSettings;
pub use secret::Secret;

/// All settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where visitors and key surfaces are reached, without a trailing slash.
    pub public_url: String,
    /// Where the binary listens for them.
    pub listen: SocketAddr,
    /// Where the binary listens for Prometheus, a loopback address and a port; empty for nowhere.
    pub metrics_listen: String,
    /// Where the console is reached, without a trailing slash.
    pub console_url: String,
    /// Where the binary listens for it, an address and a port; empty for nowhere.
    pub console_listen: String,
    /// `sqlite:PATH`.
    pub database_url: String,
    /// Secrets and other files of the server.
    pub data_dir: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long running answers may go on after the signal to stop, in milliseconds.
    pub shutdown_grace_ms: u64,
    /// Logging in at the console.
    pub console: ConsoleSettings,
    /// How it logs.
    pub log: LogSettings,
    /// Visitors' tokens.
    pub visitor: VisitorSettings,
    /// The limits.
    pub limits: LimitSettings,
    /// Time limits of model calls.
    pub upstream: UpstreamSettings,
    /// Model providers by name.
    pub providers: BTreeMap<String, ProviderSettings>,
    /// Short names for models: name -> `provider/name`.
    pub models: BTreeMap<String, String>,
    /// The moderation endpoint.
    pub moderation: ModerationSettings,
    /// How long things are kept.
    pub retention: RetentionSettings,
    /// The demo site.
    pub demo: DemoSettings,
}

/// How it logs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// A filter such as `info` or `atthene_server=debug,info`.
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Visitors' tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VisitorSettings {
    /// At most two secrets of at least 32 characters: the first signs, both verify. Empty: one is made and kept in `data_dir`.
    pub token_secrets: Vec<Secret>,
    /// How long an access token lives, in seconds.
    pub token_ttl_s: u32,
    /// How long a resume secret lives after its last use, in days.
    pub resume_ttl_days: u32,
}

/// The limits of BAR.md L.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// New sessions per minute and address.
    pub address_sessions_per_min: u32,
    /// Messages per minute and address.
    pub address_messages_per_min: u32,
    /// Open sockets and event streams per address.
    pub address_sockets: u32,
    /// Running turns per address.
    pub address_turns: u32,
    /// Messages per minute and visitor.
    pub visitor_messages_per_min: u32,
    /// Open sockets and event streams per visitor.
    pub visitor_sockets: u32,
    /// Requests per minute and API key.
    pub key_requests_per_min: u32,
    /// Requests per minute and user of the console.
    pub user_requests_per_min: u32,
    /// Messages per minute and agent.
    pub agent_messages_per_min: u32,
    /// Running turns per agent.
    pub agent_turns: u32,
    /// The longest text of a message, in Unicode characters.
    pub message_chars: u32,
    /// The largest body of a visitor's request, in bytes.
    pub visitor_body_bytes: u32,
    /// The largest body of a request with an API key, in bytes.
    pub key_body_bytes: u32,
    /// The same where images and documents may come.
    pub blocks_body_bytes: u32,
    /// How long a request's head may take, in milliseconds.
    pub header_read_timeout_ms: u64,
    /// How long a request's body may take, in milliseconds.
    pub body_read_timeout_ms: u64,
    /// The largest message on a socket, in bytes.
    pub socket_message_bytes: u32,
    /// How long the first frame of a socket may take, in milliseconds.
    pub socket_start_timeout_ms: u64,
    /// How often a socket is asked for a sign of life, in milliseconds.
    pub socket_ping_every_ms: u64,
    /// How long a reader of an answer may take nothing of what waits for it, in milliseconds.
    pub slow_reader_timeout_ms: u64,
}

/// Time limits of model calls (BAR.md U1).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpstreamSettings {
    /// To connect, in milliseconds.
    pub connect_timeout_ms: u64,
    /// To the first token, over all attempts together, in milliseconds.
    pub first_token_timeout_ms: u64,
    /// Between two tokens, in milliseconds.
    pub idle_timeout_ms: u64,
    /// The whole answer, in milliseconds.
    pub total_timeout_ms: u64,
    /// Further attempts, only before the first token.
    pub retries: u32,
}

/// A vendor of models, or a server that speaks like one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// What it speaks.
    pub kind: ProviderKind,
    /// Where, for example `https://api.openai.com/v1/` or `http://127.0.0.1:11434/v1/`.
    pub base_url: String,
    /// The key itself; better give `api_key_env`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<Secret>,
    /// The environment variable that holds the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_env: Option<String>,
    /// Its models that images can be put to; `*` at the end of a name stands for anything. Left out: all of Anthropic,
    /// Gemini and api.openai.com, none of another server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_see: Option<Vec<String>>,
}

/// What a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// The chat completions API of OpenAI, as Ollama, vLLM, llama.cpp and LiteLLM speak it too.
    Openai,
    /// The messages API of Anthropic.
    Anthropic,
    /// The Gemini API of Google.
    Gemini,
}

/// The endpoint that is asked about questions, for agents whose configuration wants it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModerationSettings {
    /// Its whole address, for example `https://api.openai.com/v1/moderations`; empty for none.
    pub url: String,
    /// The environment variable that holds its key; empty for none.
    pub api_key_env: String,
    /// The model that it is asked for; empty for its own choice.
    pub model: String,
    /// How long it may take, in milliseconds.
    pub timeout_ms: u64,
    /// Whether a question is let through when it cannot be asked.
    pub allow_on_failure: bool,
}

/// How long things are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSettings {
    /// Sessions after their last activity, in days.
    pub sessions_days: u32,
    /// Traces: what agents received and did, in days.
    pub traces_days: u32,
}

impl ModerationSettings {
    /// Whether there is an endpoint.
    pub fn is_set(&self) -> bool {
        !self.url.is_empty()
    }
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self {
            sessions_days: 90,
            traces_days: 14,
        }
    }
}

/// The demo site: a customer's page on an origin of its own, and a page that is not allowed on another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DemoSettings {
    /// Whether it is served, with its agent.
    pub enabled: bool,
    /// The port of the allowed page, on localhost.
    pub port: u16,
    /// The port of the refused page, on 127.0.0.1.
    pub refused_port: u16,
    /// What the demo agent knows.
    pub docs_dir: PathBuf,
}

impl Settings {
    /// The commented file of all settings with their defaults, as `atthene default-config` prints it.
    pub const DEFAULT_FILE: &'static str = include_str!("../../config.default.toml");

    /// Where the console listens unless a setting says otherwise.
    pub const CONSOLE_LISTEN: &'static str = "127.0.0.1:8090";

    /// Where the console is answered, if anywhere.
    pub fn console_address(&self) -> Option<SocketAddr> {
        self.console_listen.parse().ok()
    }

    /// Whether the console can be reached from this machine alone.
    pub fn has_local_console(&self) -> bool {
        self.console_address().is_some_and(|address| address.ip().is_loopback())
    }

    /// Where Prometheus is answered, if anywhere.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_listen.parse().ok()
    }

    /// Whether a model can be asked at all: `builtin`, a short name, or `provider/name` of a provider that is set up.
    pub fn knows_model(&self, model: &str) -> bool {
        let named = self.models.get(model).map_or(model, String::as_str);
        let is_of_provider = |(provider, name): (&str, &str)| !name.is_empty() && self.providers.contains_key(provider);
        named == BUILTIN_MODEL || named.split_once('/').is_some_and(is_of_provider)
    }
}

/// The model that needs no provider.
pub const BUILTIN_MODEL: &str = "builtin";

impl DemoSettings {
    /// The origin of the allowed page.
    pub fn allowed_origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The origin of the refused page.
    pub fn refused_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.refused_port)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: String::new(),
            console_url: "http://127.0.0.1:8090".to_owned(),
            console_listen: Self::CONSOLE_LISTEN.to_owned(),
            database_url: "sqlite:data/atthene.db".to_owned(),
            data_dir: PathBuf::from("data"),
            trusted_proxies: Vec::new(),
            shutdown_grace_ms: 24_000,
            console: ConsoleSettings::default(),
            log: LogSettings::default(),
            visitor: VisitorSettings::default(),
            limits: LimitSettings::default(),
            upstream: UpstreamSettings::default(),
            providers: BTreeMap::new(),
            models: BTreeMap::new(),
            moderation: ModerationSettings::default(),
            retention: RetentionSettings::default(),
            demo: DemoSettings::default(),
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            filter: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

impl Default for VisitorSettings {
    fn default() -> Self {
        Self {
            token_secrets: Vec::new(),
            token_ttl_s: 15 * 60,
            resume_ttl_days: 30,
        }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            address_sessions_per_min: 60,
            address_messages_per_min: 300,
            address_sockets: 200,
            address_turns: 100,
            visitor_messages_per_min: 20,
            visitor_sockets: 10,
            key_requests_per_min: 1_200,
            user_requests_per_min: 1_200,
            agent_messages_per_min: 1_200,
            agent_turns: 400,
            message_chars: 10_000,
            visitor_body_bytes: 128 * 1024,
            key_body_bytes: 1024 * 1024,
            blocks_body_bytes: 16 * 1024 * 1024,
            header_read_timeout_ms: 10_000,
            body_read_timeout_ms: 20_000,
            socket_message_bytes: 128 * 1024,
            socket_start_timeout_ms: 5_000,
            socket_ping_every_ms: 20_000,
            slow_reader_timeout_ms: 30_000,
        }
    }
}

impl Default for UpstreamSettings {
    fn default() -> Self {
        Self {
            connect_timeout_ms: 5_000,
            first_token_timeout_ms: 30_000,
            idle_timeout_ms: 30_000,
            total_timeout_ms: 300_000,
            retries: 2,
        }
    }
}

impl Default for ModerationSettings {
    fn default() -> Self {
        Self {
            url: String::new(),
            api_key_env: String::new(),
            model: String::new(),
            timeout_ms: 5_000,
            allow_on_failure: false,
        }
    }
}

impl Default for DemoSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            port: 8081,
            refused_port: 8082,
            docs_dir: PathBuf::from("docs"),
        }
    }
}
