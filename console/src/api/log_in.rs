//! Who is there: state, set-up, log-in, log-out.

use gloo_net::http::Method;

use super::Failure;
use super::client::{Body, get, send, tell};
use super::types::{AuthState, LogIn, LoggedIn, SetUp};

/// Who is logged in, and whether there is an admin at all.
///
/// # Errors
/// As the client says.
pub async fn auth_state() -> Result<AuthState, Failure> {
    get("/auth/state").await
}

/// Logs in.
///
/// # Errors
/// `login_invalid`, `locked_out`, and as the client says.
pub async fn log_in(body: &LogIn) -> Result<LoggedIn, Failure> {
    send(Method::POST, "/auth/login", Body::json(body)).await
}

/// Makes the account of a set-up link or of an invitation.
///
/// # Errors
/// `token_invalid`, fields, and as the client says.
pub async fn set_up(body: &SetUp) -> Result<LoggedIn, Failure> {
    send(Method::POST, "/auth/setup", Body::json(body)).await
}

/// Logs out.
///
/// # Errors
/// As the client says.
pub async fn log_out() -> Result<(), Failure> {
    tell(Method::POST, "/auth/logout", Body::None).await
}

/// Sets a new password.
///
/// # Errors
/// Fields, and as the client says.
pub async fn change_password(current: &str, new: &str) -> Result<(), Failure> {
    let body = serde_json::json!({ "current": current, "new": new });
    tell(Method::POST, "/auth/password", Body::json(&body)).await
}
