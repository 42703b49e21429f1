//! Who calls a key surface. ONE extractor for both headers of a key on every surface, and for the log-in where a route of
//! the console takes one; the routes' guard (`layer::key`) asks it before a body is read, and handlers find the caller in
//! the request.

use axum::extract::FromRequestParts;
use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::domain::error::Error;
use crate::domain::keys::{self, PREFIX, authenticate};
use crate::http::extract::address::ClientAddress;
use crate::http::extract::login;
use crate::state::AppState;

/// One of the two headers of a key.
pub const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The caller that the guard let in.
pub struct Caller(pub keys::Caller);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Error> {
        // Without the guard there is no caller: closed by default.
        let caller = parts.extensions.get::<keys::Caller>().cloned();
        caller
            .map(Self)
            .ok_or(Error::KeyInvalid("This address needs an API key."))
    }
}

/// Which credentials a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// An API key alone: everywhere but below `/api/v1` of the console's listener.
    Key,
    /// An API key or a log-in.
    KeyOrLogin,
    /// A log-in alone. A key is looked at all the same, so that a wrong one is told.
    Login,
}

/// Finds and checks the credential of a request.
///
/// # Errors
/// `KeyInvalid`, `KeyExpired`, `Malformed` where two are there, `Forbidden` in a foreign page, `NotLoggedIn`.
pub async fn identify(parts: &mut Parts, state: &AppState, takes: Takes) -> Result<keys::Caller, Error> {
    if takes == Takes::Key {
        return identify_key(parts, state).await;
    }
    let has_key = parts.headers.contains_key(X_API_KEY) || parts.headers.contains_key(AUTHORIZATION);
    // A browser sends its cookies by itself: they mean a log-in only together with the header that a page must add.
    match (has_key, login::is_presented(&parts.headers, &state.settings)) {
        (true, true) => Err(Error::malformed(
            "two_credentials",
            "Send one credential: an API key, or the log-in with its X-CSRF-Token.",
        )),
        (false, _) => login::identify(parts, state).await,
        (true, false) => {
            let caller = identify_key(parts, state).await?;
            if takes == Takes::Login {
                return Err(Error::Forbidden {
                    code: "users_only",
                    message: "This is for users who are logged in at the console; no API key may do it.".to_owned(),
                });
            }
            Ok(caller)
        }
    }
}

async fn identify_key(parts: &mut Parts, state: &AppState) -> Result<keys::Caller, Error> {
    let presented = presented(&parts.headers)?.to_owned();
    refuse_foreign_page(&parts.headers, state)?;
    let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
    authenticate(&state.table, &presented, address, state.clock.now())
}

/// Whether a request presents an API key, good or not, as its form tells: a visitor's token never looks like one.
pub fn presents_key(headers: &HeaderMap) -> bool {
    let is_key = |value: &HeaderValue| {
        let text = value.to_str().ok().and_then(|text| text.split_once(' '));
        text.is_some_and(|(_, credential)| credential.trim_start().starts_with(PREFIX))
    };
    headers.contains_key(X_API_KEY) || headers.get_all(AUTHORIZATION).iter().any(is_key)
}

/// The refusal of a secret key in a page.
pub fn secret_key_in_browser() -> Error {
    Error::Forbidden {
        code: "secret_key_in_browser",
        message:
            "An API key is secret and does not belong into a web page. Call this address from your server, embed the \
                  widget, and revoke this key if the page was public."
                .to_owned(),
    }
}

/// The key that a request presents: `x-api-key: K` or `Authorization: Bearer K`.
fn presented(headers: &HeaderMap) -> Result<&str, Error> {
    const MISSING: Error = Error::KeyInvalid("Send your API key as `x-api-key: KEY` or `Authorization: Bearer KEY`.");
    let mut plain = headers.get_all(X_API_KEY).iter();
    let mut bearer = headers.get_all(AUTHORIZATION).iter();
    match (plain.next(), bearer.next(), plain.next(), bearer.next()) {
        (Some(value), None, None, None) => value.to_str().map(str::trim).map_err(|_| MISSING),
        (None, Some(value), None, None) => {
            let (scheme, key) = value
                .to_str()
                .ok()
                .and_then(|text| text.split_once(' '))
                .ok_or(MISSING)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(MISSING);
            }
            let key = key.trim();
            if !key.is_empty() && !key.starts_with(PREFIX) {
                return Err(Error::KeyInvalid(
                    "This is not an API key: a key begins with atk_ and is copied whole.",
                ));
            }
            Ok(key)
        }
        (None, None, ..) => Err(MISSING),
        _ => Err(Error::malformed(
            "two_credentials",
            "Send one credential: `x-api-key` or `Authorization`, once.",
        )),
    }
}

/// A secret key in a page of somebody else's is a leaked key (BAR.md O3). Some server libraries send an Origin of their
/// own accord: that of the very server they call.
fn refuse_foreign_page(headers: &HeaderMap, state: &AppState) -> Result<(), Error> {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let is_own = |origin: &[u8]| {
        let Ok(origin) = std::str::from_utf8(origin) else {
            return false;
        };
        let rest = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        origin == state.settings.public_url
            || origin == state.settings.console_url
            || rest.is_some_and(|rest| !host.is_empty() && rest.eq_ignore_ascii_case(host))
    };
    if headers.get_all(ORIGIN).iter().all(|origin| is_own(origin.as_bytes())) {
        return Ok(());
    }
    Err(secret_key_in_browser())
}
