//! A vendor's models, through the crate rig-core, which knows how each vendor wants a question shaped and how its
//! stream reads (docs/decisions/0004).
//!
//! Here: one configured provider. What goes over the wire and how much of it we take is `transport`, what is asked is
//! `shape`, what a failure means is `failure`. No retries and no time limits but the connection's: `retry` has them.

mod failure;
mod quiet;
mod reading;
mod shape;
#[expect(clippy::result_large_err, reason = "the library's trait says which error it wants")]
mod transport;

use futures_util::StreamExt;
use rig_core::catalog::{Catalog, ModelFacts};
use rig_core::completion::CompletionRequest;
use rig_core::driver::{Model, Transport};
use rig_core::error::ProviderError;
use rig_core::operation::Completion;
use rig_core::providers::anthropic::AnthropicConfig;
use rig_core::providers::anthropic::wire::{ANTHROPIC, Dialect as MessagesDialect, MaxTokens};
use rig_core::providers::gemini::GeminiConfig;
use rig_core::providers::gemini::completion::GenerateContent;
use rig_core::providers::openai::OpenAIConfig;
use rig_core::providers::openai::wire::{BodyRewrite, Dialect as ChatDialect, OutputCap, Quirks};
use rig_core::streaming::CompletionStream;
use rig_core::wire::Wire;
use url::Url;

use super::{ModelError, ModelRequest, ModelStream};
use crate::config::{ProviderKind, ProviderSettings, Secret};
use transport::Http;

/// What a Claude model may write where the agent says nothing; its API has no default of its own.
const CLAUDE_MAX_TOKENS: u64 = 4_096;

/// One configured provider.
pub struct Provider {
    kind: ProviderKind,
    http: Http,
    base_url: String,
    key: Option<Secret>,
    can_see: Vec<String>,
}

impl Provider {
    /// Prepares a provider; nothing is sent.
    ///
    /// # Errors
    /// The base URL or the key cannot be used.
    pub fn open(settings: &ProviderSettings, key: Option<Secret>, connect_timeout_ms: u64) -> Result<Self, String> {
        let url = transport::base_url(&settings.base_url)?;
        Ok(Self {
            kind: settings.kind,
            http: Http::open(settings.kind, &url, key.as_ref(), connect_timeout_ms)?,
            base_url: url.as_str().trim_end_matches('/').to_owned(),
            key,
            can_see: settings.can_see.clone().unwrap_or_else(|| sees(settings.kind, &url)),
        })
    }

    /// Whether images can be put to the vendor's model `name`.
    pub fn can_see(&self, name: &str) -> bool {
        self.can_see.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => pattern == name,
        })
    }

    /// Asks the vendor's model `name`. The request goes out when the stream is first read.
    ///
    /// # Errors
    /// The request cannot be shaped.
    pub async fn ask(&self, name: &str, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        let question = shape::question(self.kind, name, request)?;
        let answer = quiet::quietly(|| self.open_stream(name, question))
            .map_err(|error| failure::explain(&error, self.key.as_ref()))?;
        Ok(reading::Reading::new(answer, self.key.clone()).into_stream().boxed())
    }

    fn open_stream(&self, name: &str, question: CompletionRequest) -> Result<CompletionStream, Box<ProviderError>> {
        // The library never has the key: `transport` puts it where this kind of vendor wants it.
        match self.kind {
            ProviderKind::Openai => {
                let vendor = OpenAIConfig::with_key(&CHAT, "").with_base_url(&self.base_url);
                stream(vendor.chat(name).with_facts(no_facts()), &self.http, question)
            }
            ProviderKind::Anthropic => {
                let vendor = AnthropicConfig::with_key(&MESSAGES, "").with_base_url(&self.base_url);
                stream(vendor.completion(name).with_facts(no_facts()), &self.http, question)
            }
            ProviderKind::Gemini => {
                let root = self.base_url.strip_suffix("/v1beta").unwrap_or(&self.base_url);
                let vendor = GeminiConfig::new("").with_base_url(root);
                stream(
                    GenerateContent::new(vendor, name).with_facts(no_facts()),
                    &self.http,
                    question,
                )
            }
        }
    }
}

fn stream<W>(wire: W, http: &Http, question: CompletionRequest) -> Result<CompletionStream, Box<ProviderError>>
where
    W: Wire<Op = Completion>,
    Http: Transport<W>,
    CompletionRequest: Into<rig_core::wire::Request<W>>,
{
    Model::new(wire, http.clone())
        .with_idle_timeout(None)
        .stream(question)
        .map_err(Box::new)
}

/// Chat completions as OpenAI and all who follow it speak them: text alone as a string, which old servers insist on;
/// `[DONE]` ends an answer also where no reason was given; no prices.
const CHAT: ChatDialect = {
    let mut quirks = Quirks::openai().done_without_finish_reason();
    quirks.rewrite = BodyRewrite::Perplexity;
    quirks.output_cap = OutputCap::OpenAiReasoningFamilies;
    quirks.catalog_priced = false;
    ChatDialect::gateway("chat", "", "").with_quirks(quirks)
};

/// Anthropic's messages, without a look into the catalogue for the most tokens.
const MESSAGES: MessagesDialect = {
    let mut dialect = ANTHROPIC;
    dialect.quirks.max_tokens = MaxTokens::Fixed(CLAUDE_MAX_TOKENS);
    dialect.quirks.catalog_priced = false;
    dialect
};

/// Knows no model: the library's own catalogue is a megabyte that is read into memory at the first question, for
/// prices and options that we don't use.
fn no_facts() -> ModelFacts {
    ModelFacts::default().with_catalog(&Catalog::default())
}

/// Which models can see where the settings don't say: all of the three vendors, none of a server that merely speaks
/// like one.
fn sees(kind: ProviderKind, url: &Url) -> Vec<String> {
    let is_vendor = kind != ProviderKind::Openai || url.host_str() == Some("api.openai.com");
    if is_vendor { vec!["*".to_owned()] } else { Vec::new() }
}

#[cfg(test)]
mod tests;
