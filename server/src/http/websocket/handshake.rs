//! The opening handshake from the server's side (RFC 6455, section 4.2), each mistake in our own error body.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{Method, StatusCode, Version};
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::http::problem::Failure;

const KIND: &str = "invalid_request_error";
/// The one version that there is.
const VERSION: HeaderValue = HeaderValue::from_static("13");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
const KEY_BYTES: usize = 16;

/// A request that may become a socket.
pub struct Handshake {
    accept: String,
    subprotocol: Option<HeaderValue>,
    upgrade: OnUpgrade,
}

impl Handshake {
    /// Checks the request. `subprotocol` is chosen where it is offered.
    ///
    /// # Errors
    /// The answer to a request that is no good handshake: 426 or 400.
    pub fn read(parts: &mut Parts, subprotocol: &'static str) -> Result<Self, Box<Response>> {
        let headers = &parts.headers;
        let asks = parts.method == Method::GET
            && parts.version >= Version::HTTP_11
            && tokens(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"))
            && tokens(headers, &UPGRADE).any(|token| token.eq_ignore_ascii_case("websocket"));
        if !asks {
            return Err(refuse_plain());
        }
        if single(headers, &SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
            return Err(refuse_version());
        }
        let key = single(headers, &SEC_WEBSOCKET_KEY)
            .filter(|key| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == KEY_BYTES));
        let Some(key) = key else { return Err(refuse_key()) };
        let accept = derive_accept_key(key.as_bytes());
        let is_offered = tokens(headers, &SEC_WEBSOCKET_PROTOCOL).any(|token| token == subprotocol);
        Ok(Self {
            accept,
            subprotocol: is_offered.then(|| HeaderValue::from_static(subprotocol)),
            upgrade: parts.extensions.remove::<OnUpgrade>().ok_or_else(refuse_plain)?,
        })
    }

    /// The 101, and what becomes the connection once it is written.
    pub fn accept(self) -> (Response, OnUpgrade) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, WEBSOCKET);
        if let Ok(accept) = HeaderValue::try_from(self.accept) {
            headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        }
        if let Some(subprotocol) = self.subprotocol {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        (response, self.upgrade)
    }
}

/// The tokens of all lines of a header that is a list.
fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',').map(str::trim))
}

/// A header that stands there exactly once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// No socket is asked for: RFC 9110, section 15.5.22.
fn refuse_plain() -> Box<Response> {
    let message = "This address is a WebSocket: connect with `Connection: Upgrade` and `Upgrade: websocket` over \
                   HTTP/1.1. Behind a proxy, let it pass both headers on.";
    with_upgrade(Failure::new(
        StatusCode::UPGRADE_REQUIRED,
        KIND,
        "upgrade_required",
        message,
    ))
}

fn refuse_version() -> Box<Response> {
    let message = "This server speaks version 13 of the WebSocket protocol: send `Sec-WebSocket-Version: 13`.";
    let mut response = with_upgrade(Failure::new(
        StatusCode::UPGRADE_REQUIRED,
        KIND,
        "socket_version",
        message,
    ));
    response.headers_mut().insert(SEC_WEBSOCKET_VERSION, VERSION);
    response
}

fn refuse_key() -> Box<Response> {
    let message = "`Sec-WebSocket-Key` must be there once: 16 random bytes in base64.";
    Box::new(Failure::new(StatusCode::BAD_REQUEST, KIND, "socket_key", message).into_response())
}

fn with_upgrade(failure: Failure) -> Box<Response> {
    let mut response = failure.into_response();
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, WEBSOCKET);
    Box::new(response)
}
