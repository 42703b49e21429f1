//! The guard of the key surfaces: who calls, may they, do they call too often. It runs before a body is read.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};

use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::http::extract::api_key::identify;
use crate::model::key::Scope;
use crate::state::AppState;

/// Lets callers pass whose key has the scope.
pub async fn layer(State((state, scope)): State<(AppState, Scope)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut response = match admit(&mut parts, &state, scope).await {
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => refuse(error),
    };
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn admit(parts: &mut http::request::Parts, state: &AppState, scope: Scope) -> Result<Caller, Error> {
    let caller = identify(parts, state).await?;
    state.limits.call(&caller.key.id).await?;
    caller.require(scope)?;
    state.key_uses.note(&caller.key, state.clock.now());
    Ok(caller)
}

fn refuse(error: Error) -> Response {
    let is_unknown = matches!(error, Error::KeyInvalid(_) | Error::KeyExpired);
    let mut response = error.into_response();
    if is_unknown {
        // RFC 9110, section 11.6.1: a 401 names a way to authenticate.
        let challenge = HeaderValue::from_static("Bearer realm=\"atthene\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
