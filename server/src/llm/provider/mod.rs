//! A vendor or a server that speaks the chat completions API of OpenAI, through the crate genai.
//!
//! The crate shapes the request and reads the stream; here is what it leaves to us: whose key goes where, that a stream
//! which merely stops is a failure, and what a failure means (`failure`). No retries and no time limits but the
//! connection's: `retry` has them.

mod failure;
mod quiet;

use std::time::Duration;

use futures_util::{StreamExt, stream};
use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatOptions, ChatRequest, ChatStreamEvent, ReasoningEffort, Usage};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, Headers, ModelIden, ServiceTarget};
use url::{Host, Url};

use super::{ModelError, ModelErrorKind, ModelEvent, ModelRequest, ModelStream};
use crate::config::{ProviderSettings, Secret};
use crate::model::conversation::Role;
use quiet::Quiet;

/// One configured provider.
pub struct Provider {
    client: Client,
    url: Url,
    key: Option<Secret>,
}

impl Provider {
    /// Prepares a provider; nothing is sent. A server without a key gets no `Authorization` at all.
    ///
    /// # Errors
    /// The base URL cannot be used.
    pub fn open(settings: &ProviderSettings, key: Option<Secret>, connect_timeout_ms: u64) -> Result<Self, String> {
        let url = completions_url(&settings.base_url)?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(connect_timeout_ms))
            // A redirect would carry the conversation to a place that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("AttheneChat/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&url) {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| format!("the HTTP client cannot be made: {error}"))?;
        Ok(Self {
            client: Client::builder()
                .with_reqwest(client)
                .build()
                .map_err(|error| format!("the model client cannot be made: {error}"))?,
            url,
            key,
        })
    }

    /// Asks the vendor's model `name`. The request goes out when the stream is first read.
    ///
    /// # Errors
    /// The request cannot be shaped.
    pub async fn ask(&self, name: &str, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        let key = self.key.clone();
        let answer = self
            .client
            .exec_chat_stream(self.target(name), chat_request(request), Some(&chat_options(request)))
            .await
            .map_err(|error| failure::explain(error, key.as_ref()))?;
        let state = Reading {
            stream: Quiet::new(answer.stream),
            key,
            usage: None,
            is_over: false,
        };
        Ok(stream::unfold(state, Reading::next).boxed())
    }

    fn target(&self, name: &str) -> ServiceTarget {
        // The override is the one way that sends no Authorization to a server without a key.
        let headers = match &self.key {
            Some(key) => Headers::from(("Authorization".to_owned(), format!("Bearer {}", key.reveal()))),
            None => Headers::default(),
        };
        ServiceTarget {
            endpoint: Endpoint::from_owned(self.url.as_str()),
            auth: AuthData::RequestOverride {
                url: self.url.to_string(),
                headers,
            },
            model: ModelIden::new(AdapterKind::OpenAI, name),
        }
    }
}

/// A running answer.
struct Reading {
    stream: Quiet<genai::chat::ChatStream>,
    key: Option<Secret>,
    usage: Option<Usage>,
    is_over: bool,
}

impl Reading {
    async fn next(mut self) -> Option<(Result<ModelEvent, ModelError>, Self)> {
        if self.is_over {
            let usage = self.usage.take()?;
            return Some((Ok(usage_event(&usage)), self));
        }
        loop {
            let item = match self.stream.next().await {
                Some(Ok(ChatStreamEvent::Chunk(chunk))) if !chunk.content.is_empty() => {
                    Ok(ModelEvent::Text(chunk.content))
                }
                Some(Ok(ChatStreamEvent::ReasoningChunk(_) | ChatStreamEvent::ThoughtSignatureChunk(_))) => {
                    Ok(ModelEvent::Thinking)
                }
                // Only the vendor's own end (`[DONE]`) comes as an End.
                Some(Ok(ChatStreamEvent::End(end))) => {
                    self.is_over = true;
                    let usage = end.captured_usage?;
                    Ok(usage_event(&usage))
                }
                Some(Ok(_)) => continue,
                Some(Err(error)) => {
                    self.is_over = true;
                    Err(failure::explain(error, self.key.as_ref()))
                }
                None => {
                    self.is_over = true;
                    Err(ModelError {
                        kind: ModelErrorKind::Broken,
                        detail: "the stream stopped without its end mark".to_owned(),
                        retry_after_ms: None,
                    })
                }
            };
            return Some((item, self));
        }
    }
}

fn usage_event(usage: &Usage) -> ModelEvent {
    let count = |tokens: Option<i32>| tokens.and_then(|tokens| u64::try_from(tokens).ok()).unwrap_or(0);
    ModelEvent::Usage {
        input_tokens: count(usage.prompt_tokens),
        output_tokens: count(usage.completion_tokens),
    }
}

fn chat_request(request: &ModelRequest) -> ChatRequest {
    let messages = request.messages.iter().map(|message| match message.role {
        Role::User => ChatMessage::user(message.content.clone()),
        Role::Assistant => ChatMessage::assistant(message.content.clone()),
    });
    let chat = ChatRequest::from_messages(messages.collect());
    if request.system.is_empty() {
        chat
    } else {
        chat.with_system(request.system.clone())
    }
}

fn chat_options(request: &ModelRequest) -> ChatOptions {
    let mut options = ChatOptions::default()
        .with_capture_usage(true)
        // genai cuts a name such as `qwen-max` in two and sends the rest as an effort, unless an effort is given; this
        // one is never put into the request.
        .with_reasoning_effort(ReasoningEffort::Budget(0));
    options.temperature = request.temperature;
    options.max_tokens = request.max_tokens;
    options
}

/// `base_url` + `chat/completions`, its query kept.
fn completions_url(base_url: &str) -> Result<Url, String> {
    // The text itself is not repeated: it may hold a password.
    let mut url = Url::parse(base_url.trim()).map_err(|error| format!("base_url is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("base_url must begin with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("base_url must not hold a user or a password; give api_key or api_key_env".to_owned());
    }
    url.set_fragment(None);
    let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
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

#[cfg(test)]
mod tests;
