//! How a question gets to a vendor and how its bytes get to us: whose key goes where, no redirects, and a bound on what
//! we take (BAR.md U2). The library sends through this and never holds a key.

mod bound;
mod surrogates;

use std::future::{Future, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response};
use rig_core::http_client::{BoxedStream, Error, HttpClientExt, LazyBody, MultipartForm, StreamingResponse};
use url::{Host, Url};

use super::failure;
use crate::config::{ProviderKind, Secret};
use bound::Bound;
use surrogates::Surrogates;

/// The headers by which vendors know their customers.
const KEY_HEADERS: [HeaderName; 3] = [
    AUTHORIZATION,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-goog-api-key"),
];

/// What is kept of an answer's bytes while they come.
type Taken = (Bound, Surrogates);

/// The way to one provider.
#[derive(Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    /// The header that holds the key; a server without a key gets none.
    key: Option<(HeaderName, HeaderValue)>,
}

impl Http {
    /// Prepares the way; nothing is sent.
    pub(super) fn open(
        kind: ProviderKind,
        url: &Url,
        key: Option<&Secret>,
        connect_timeout_ms: u64,
    ) -> Result<Self, String> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(connect_timeout_ms))
            // A redirect would carry the conversation to a place that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("AttheneChat/", env!("CARGO_PKG_VERSION")));
        if is_loopback(url) {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| format!("the HTTP client cannot be made: {error}"))?;
        let key = key.map(|key| key_header(kind, key)).transpose()?;
        Ok(Self { client, key })
    }

    async fn exchange(self, request: Request<Bytes>) -> Result<StreamingResponse, Error> {
        let (parts, body) = request.into_parts();
        let mut url = Url::parse(&parts.uri.to_string()).map_err(Error::instance)?;
        without_key(&mut url);
        let mut headers = parts.headers;
        for name in &KEY_HEADERS {
            headers.remove(name);
        }
        headers.extend(self.key);
        let answer = self
            .client
            .request(parts.method, url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| Error::instance(failure::of_transport(&error)))?;
        let mut response = Response::builder().status(answer.status());
        if let Some(all) = response.headers_mut() {
            all.clone_from(answer.headers());
            // Some servers of one's own say nothing of what they send.
            all.entry(CONTENT_TYPE)
                .or_insert(HeaderValue::from_static("text/event-stream"));
        }
        // Nothing is read after the first failure.
        let bytes: BoxedStream = Box::pin(answer.bytes_stream().scan(Some(Taken::default()), |state, chunk| {
            ready(state.take().map(|(mut bound, mut surrogates)| {
                let chunk = chunk.map_err(|error| Error::instance(failure::of_transport(&error)))?;
                bound.take(&chunk).map_err(Error::instance)?;
                let joined = surrogates.join(chunk);
                *state = Some((bound, surrogates));
                Ok(joined)
            }))
        }));
        Ok(response.body(bytes)?)
    }
}

impl HttpClientExt for Http {
    fn send<T, U>(&self, _: Request<T>) -> impl Future<Output = Result<Response<LazyBody<U>>, Error>> + Send + 'static
    where
        T: Into<Bytes> + Send,
        U: From<Bytes> + Send + 'static,
    {
        ready(Err(Error::NoHeaders))
    }

    fn send_multipart<U>(
        &self,
        _: Request<MultipartForm>,
    ) -> impl Future<Output = Result<Response<LazyBody<U>>, Error>> + Send + 'static
    where
        U: From<Bytes> + Send + 'static,
    {
        ready(Err(Error::NoHeaders))
    }

    fn send_streaming<T>(&self, request: Request<T>) -> impl Future<Output = Result<StreamingResponse, Error>> + Send
    where
        T: Into<Bytes> + Send,
    {
        let (parts, body) = request.into_parts();
        self.clone().exchange(Request::from_parts(parts, body.into()))
    }
}

/// The header of the key, as this kind of vendor has it.
fn key_header(kind: ProviderKind, key: &Secret) -> Result<(HeaderName, HeaderValue), String> {
    let [authorization, anthropic, gemini] = KEY_HEADERS;
    let (name, text) = match kind {
        ProviderKind::Openai => (authorization, format!("Bearer {}", key.reveal())),
        ProviderKind::Anthropic => (anthropic, key.reveal().to_owned()),
        ProviderKind::Gemini => (gemini, key.reveal().to_owned()),
    };
    // The text of the error would hold a part of the key.
    let mut value = HeaderValue::from_str(&text).map_err(|_| "the key holds characters that no key has".to_owned())?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Takes the place of a key out of an address: the library writes an (empty) one there for Gemini.
fn without_key(url: &mut Url) {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "key")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
}

/// The address of a provider's API.
///
/// # Errors
/// It is none. The text does not repeat it, for it may hold a password.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text.trim()).map_err(|error| format!("base_url is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("base_url must begin with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("base_url must not hold a user or a password; give api_key or api_key_env".to_owned());
    }
    url.set_fragment(None);
    url.set_query(None);
    Ok(url)
}

/// Whether this machine is meant, to which no proxy leads.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
