//! The guard of the key surfaces and of what users do: who calls, may they, do they call too often. It runs before a body
//! is read.

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};

use crate::domain::error::Error;
use crate::domain::gate::Admission;
use crate::domain::keys::Caller;
use crate::domain::limits::Counted;
use crate::http::extract::api_key::{Takes, identify};
use crate::http::problem::{RATE_LIMIT, RATE_REMAINING, RATE_RESET};
use crate::model::key::Scope;
use crate::model::user::Role;
use crate::state::AppState;

/// What a route asks of whoever calls it.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    takes: Takes,
    needs: Needs,
}

#[derive(Clone, Copy, Debug)]
enum Needs {
    /// This scope, or the other one where there is one.
    Scope(Scope, Option<Scope>),
    /// At least this role.
    Role(Role),
}

impl Guard {
    /// A key with this scope, or with the other one.
    pub fn key(scope: Scope, other: Option<Scope>) -> Self {
        Self {
            takes: Takes::Key,
            needs: Needs::Scope(scope, other),
        }
    }

    /// The same, or a log-in whose role gives it.
    pub fn key_or_login(scope: Scope, other: Option<Scope>) -> Self {
        Self {
            takes: Takes::KeyOrLogin,
            ..Self::key(scope, other)
        }
    }

    /// A log-in of at least this role.
    pub fn login(role: Role) -> Self {
        Self {
            takes: Takes::Login,
            needs: Needs::Role(role),
        }
    }

    fn admit(self, caller: &Caller) -> Result<(), Error> {
        match self.needs {
            Needs::Scope(_, Some(other)) if caller.key.may(other) => Ok(()),
            Needs::Scope(scope, _) => caller.require(scope),
            Needs::Role(role) if caller.user.as_ref().is_some_and(|user| user.role >= role) => Ok(()),
            Needs::Role(role) => Err(Error::Forbidden {
                code: "missing_role",
                message: format!(
                    "Your role may not do that: it takes at least the role `{}`.",
                    role.as_str()
                ),
            }),
        }
    }
}

/// Lets callers pass who may.
pub async fn layer(State((state, guard)): State<(AppState, Guard)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (caller, counted) = match identify_and_count(&mut parts, &state, guard.takes).await {
        Ok(counted) => counted,
        Err(error) => return closed(refuse(error)),
    };
    let mut response = match guard.admit(&caller) {
        Ok(()) => {
            if caller.user.is_none() {
                state.key_uses.note(&caller.key, state.clock.now());
            }
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => refuse(error),
    };
    tell_rest(response.headers_mut(), counted);
    closed(response)
}

/// The same where pages may come too: one that the gate let in passes, and its token is its own business. No images come
/// from it, so its body is no larger than a back end's plain one. Closed by default: whoever the gate did not let in
/// needs a key.
pub async fn unless_page(state: State<(AppState, Guard)>, mut request: Request, next: Next) -> Response {
    if request.extensions().get::<Admission>().is_none() {
        return layer(state, request, next).await;
    }
    let most_bytes = state.0.0.settings.limits.key_body_bytes;
    DefaultBodyLimit::max(most_bytes as usize).apply(&mut request);
    next.run(request).await
}

/// What is nobody else's business is kept by nobody.
fn closed(mut response: Response) -> Response {
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn identify_and_count(
    parts: &mut http::request::Parts,
    state: &AppState,
    takes: Takes,
) -> Result<(Caller, Counted), Error> {
    let caller = identify(parts, state, takes).await?;
    let counted = match &caller.user {
        Some(user) => state.limits.call_as_user(&user.id).await?,
        None => state.limits.call(&caller.key.id).await?,
    };
    Ok((caller, counted))
}

/// How many more requests this caller may send. A refusal by a tighter limit has said its own already.
fn tell_rest(headers: &mut HeaderMap, counted: Counted) {
    if headers.contains_key(RATE_LIMIT) {
        return;
    }
    headers.insert(RATE_LIMIT, HeaderValue::from(counted.limit));
    headers.insert(RATE_REMAINING, HeaderValue::from(counted.remaining));
    headers.insert(RATE_RESET, HeaderValue::from(counted.reset_ms.div_ceil(1_000)));
}

fn refuse(error: Error) -> Response {
    let is_unknown = matches!(
        error,
        Error::KeyInvalid(_) | Error::KeyExpired | Error::NotLoggedIn { .. }
    );
    let mut response = error.into_response();
    if is_unknown {
        // RFC 9110, section 11.6.1: a 401 names a way to authenticate.
        let challenge = HeaderValue::from_static("Bearer realm=\"atthene\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
