//! The optional moderation endpoint (`[moderation]`): asked about a question before a model is, where an agent's
//! configuration wants it. It speaks as OpenAI's `/v1/moderations` does.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use url::{Host, Url};

use crate::config::{ModerationSettings, Secret};

/// The largest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// What a moderation says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be answered.
    Allowed,
    /// It may not; the categories are for the log only.
    Flagged(Vec<String>),
    /// Nobody can tell, and the settings do not let it through then. The detail is for the log only.
    Unknown(String),
}

/// Judges texts.
#[async_trait]
pub trait Moderation: Send + Sync {
    /// What it says of a text.
    async fn judge(&self, text: &str) -> Verdict;
}

/// Opens the endpoint of the settings; `None` where there is none. `env` looks a variable up.
///
/// # Errors
/// It cannot be used; the text says why and holds no key.
pub fn open(
    settings: &ModerationSettings,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Arc<dyn Moderation>>, String> {
    if settings.url.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(&settings.url).map_err(|error| format!("moderation.url is not a URL: {error}"))?;
    let key = match settings.api_key_env.as_str() {
        "" => None,
        name => match env(name).filter(|key| !key.is_empty()) {
            Some(key) => Some(Secret::new(key)),
            None => return Err(format!("moderation.api_key_env: the variable {name} is not set")),
        },
    };
    let mut builder = reqwest::Client::builder()
        .timeout(Duration::from_millis(settings.timeout_ms))
        // A redirect would carry the question to a place that nobody configured.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("AttheneChat/", env!("CARGO_PKG_VERSION")));
    if is_loopback(&url) {
        builder = builder.no_proxy();
    }
    let client = builder
        .build()
        .map_err(|error| format!("the HTTP client cannot be made: {error}"))?;
    Ok(Some(Arc::new(Endpoint {
        client,
        url,
        key,
        model: settings.model.clone(),
        is_open_on_failure: settings.allow_on_failure,
    })))
}

struct Endpoint {
    client: reqwest::Client,
    url: Url,
    key: Option<Secret>,
    model: String,
    is_open_on_failure: bool,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Judgement>,
}

#[derive(Deserialize)]
struct Judgement {
    flagged: bool,
    #[serde(default)]
    categories: serde_json::Map<String, serde_json::Value>,
}

#[async_trait]
impl Moderation for Endpoint {
    async fn judge(&self, text: &str) -> Verdict {
        match self.ask(text).await {
            Ok(answer) => verdict(&answer),
            Err(detail) if self.is_open_on_failure => {
                tracing::warn!(detail, "the moderation endpoint failed; the question is let through");
                Verdict::Allowed
            }
            Err(detail) => Verdict::Unknown(detail),
        }
    }
}

impl Endpoint {
    async fn ask(&self, text: &str) -> Result<Answer, String> {
        let mut body = json!({ "input": text });
        if let (Some(map), false) = (body.as_object_mut(), self.model.is_empty()) {
            map.insert("model".to_owned(), json!(self.model));
        }
        let mut request = self.client.post(self.url.clone()).json(&body);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.reveal());
        }
        // Neither the address nor a vendor's words go to the log: both may hold what is secret.
        let mut answer = request.send().await.map_err(|error| describe(&error))?;
        if !answer.status().is_success() {
            return Err(format!("moderation: status {}", answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| describe(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_ANSWER_BYTES {
                return Err("moderation: the answer is too large".to_owned());
            }
        }
        let answer: Answer =
            serde_json::from_slice(&bytes).map_err(|_| "moderation: the answer is no moderation".to_owned())?;
        if answer.results.is_empty() {
            return Err("moderation: the answer holds no result".to_owned());
        }
        Ok(answer)
    }
}

fn verdict(answer: &Answer) -> Verdict {
    let flagged: Vec<&Judgement> = answer.results.iter().filter(|result| result.flagged).collect();
    if flagged.is_empty() {
        return Verdict::Allowed;
    }
    let categories = flagged.iter().flat_map(|result| &result.categories);
    Verdict::Flagged(
        categories
            .filter(|(_, is_so)| **is_so == serde_json::Value::Bool(true))
            .map(|(name, _)| name.clone())
            .collect(),
    )
}

fn describe(error: &reqwest::Error) -> String {
    let what = match () {
        () if error.is_timeout() => "it did not answer in time",
        () if error.is_connect() => "it cannot be reached",
        () => "the connection broke",
    };
    format!("moderation: {what}")
}

/// Whether this machine is meant, to which no proxy leads.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
