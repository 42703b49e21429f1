//! The log-in of a request: the cookie, the header that the console's page adds, and for whatever may change something
//! the page's origin. Without the header the cookie is no credential at all, whatever the method (BAR.md K5).

use axum::extract::FromRequestParts;
use http::header::{HeaderMap, ORIGIN};
use http::request::Parts;
use http::{HeaderValue, Method};
use std::sync::Arc;
use subtle::ConstantTimeEq;

use crate::config::Settings;
use crate::domain::error::Error;
use crate::domain::keys;
use crate::domain::users::csrf_of;
use crate::http::cookies::{X_CSRF_TOKEN, login_secrets};
use crate::model::user::User;
use crate::state::AppState;

/// The user whom the guard let in.
pub struct LoggedIn {
    /// The user.
    pub user: Arc<User>,
    /// The same as everything else asks.
    pub caller: keys::Caller,
}

impl FromRequestParts<AppState> for LoggedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Error> {
        // Without the guard there is no user: closed by default.
        let caller = parts.extensions.get::<keys::Caller>().cloned();
        let user = caller.as_ref().and_then(|caller| caller.user.clone());
        match (user, caller) {
            (Some(user), Some(caller)) => Ok(Self { user, caller }),
            _ => Err(LOG_IN),
        }
    }
}

const LOG_IN: Error = Error::NotLoggedIn {
    code: "login_required",
    message: "Log in at the console. Where this address takes an API key, send it as `x-api-key: KEY`.",
};

/// Whether a request means to use a log-in, good or not.
pub fn is_presented(headers: &HeaderMap, settings: &Settings) -> bool {
    headers.contains_key(X_CSRF_TOKEN) && login_secrets(headers, settings).next().is_some()
}

/// Finds and checks the log-in of a request.
///
/// # Errors
/// `NotLoggedIn`, `Forbidden` where another page than the console sends something.
pub async fn identify(parts: &Parts, state: &AppState) -> Result<keys::Caller, Error> {
    let (secret, _) = presented(&parts.headers, &state.settings)?;
    if !matches!(parts.method, Method::GET | Method::HEAD) && !is_console(&parts.headers, &state.settings) {
        return Err(foreign_page(&state.settings));
    }
    state.users.authenticate(secret).await
}

/// The secret of the log-in that a request presents, and the value that came with it.
///
/// # Errors
/// `NotLoggedIn`.
pub fn presented<'a>(headers: &'a HeaderMap, settings: &Settings) -> Result<(&'a str, &'a str), Error> {
    let mut secrets = login_secrets(headers, settings).peekable();
    let mut sent = headers.get_all(X_CSRF_TOKEN).iter();
    let csrf = match (secrets.peek(), sent.next(), sent.next()) {
        (None, ..) => return Err(LOG_IN),
        (Some(_), None, _) => {
            return Err(Error::NotLoggedIn {
                code: "csrf_missing",
                message: "A log-in counts only with the header `X-CSRF-Token`: send the value of the cookie atthene_csrf.",
            });
        }
        (Some(_), Some(value), None) => value.to_str().unwrap_or_default(),
        _ => "",
    };
    // Of several cookies the one is meant to which the header belongs: nothing is tried.
    let is_meant = |secret: &&str| bool::from(csrf_of(secret).as_bytes().ct_eq(csrf.as_bytes()));
    let secret = secrets.find(is_meant).ok_or(Error::NotLoggedIn {
        code: "csrf_wrong",
        message: "The header `X-CSRF-Token` does not belong to this log-in: send the value of the cookie atthene_csrf.",
    })?;
    Ok((secret, csrf))
}

/// Refuses what another site's page sends, before there is a log-in. Who is no browser need not say where it is.
///
/// # Errors
/// `Forbidden`.
pub fn refuse_foreign_page(headers: &HeaderMap, settings: &Settings) -> Result<(), Error> {
    if !headers.contains_key(ORIGIN) || is_console(headers, settings) {
        return Ok(());
    }
    Err(foreign_page(settings))
}

/// Whether exactly the console's origin is named.
fn is_console(headers: &HeaderMap, settings: &Settings) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter().map(HeaderValue::as_bytes);
    origins.next() == Some(settings.console_url.as_bytes()) && origins.next().is_none()
}

fn foreign_page(settings: &Settings) -> Error {
    Error::Forbidden {
        code: "foreign_origin",
        message: format!(
            "A log-in counts from the console's own page alone: open {}, which is `console_url` of the settings.",
            settings.console_url
        ),
    }
}
