//! What concerns the whole workspace: keys, the audit log, settings, users.

use gloo_net::http::Method;
use serde_json::Value;

use super::Failure;
use super::client::{Body, get, send, tell};
use super::types::{ApiKey, AuditPage, Invitation, KeyMade, NewKey, NewUser, ServerSettings, User};
use crate::route::escaped;

/// Every key that works, the newest first.
///
/// # Errors
/// As the client says.
pub async fn list_keys() -> Result<Vec<ApiKey>, Failure> {
    get("/api-keys").await
}

/// Makes a key.
///
/// # Errors
/// Fields, and as the client says.
pub async fn create_key(new: &NewKey) -> Result<KeyMade, Failure> {
    send(Method::POST, "/api-keys", Body::json(new)).await
}

/// Revokes a key at once.
///
/// # Errors
/// As the client says.
pub async fn revoke_key(id: &str) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/api-keys/{}", escaped(id)), Body::None).await
}

/// A page of the audit log.
///
/// # Errors
/// As the client says.
pub async fn list_audit(filters: &str) -> Result<AuditPage, Failure> {
    get(&format!("/audit?{filters}")).await
}

/// The settings in force.
///
/// # Errors
/// As the client says.
pub async fn server_settings() -> Result<ServerSettings, Failure> {
    get("/settings").await
}

/// Everybody who may log in.
///
/// # Errors
/// As the client says.
pub async fn list_users() -> Result<Vec<User>, Failure> {
    get("/users").await
}

/// Invites somebody.
///
/// # Errors
/// Fields, and as the client says.
pub async fn invite_user(new: &NewUser) -> Result<Invitation, Failure> {
    send(Method::POST, "/users", Body::json(new)).await
}

/// Makes another link for somebody.
///
/// # Errors
/// As the client says.
pub async fn invite_again(id: &str) -> Result<Invitation, Failure> {
    send(Method::POST, &format!("/users/{}/invite", escaped(id)), Body::None).await
}

/// Changes somebody's name, role or state.
///
/// # Errors
/// `last_owner`, `owners_only`, and as the client says.
pub async fn change_user(id: &str, change: &Value) -> Result<User, Failure> {
    send(Method::PATCH, &format!("/users/{}", escaped(id)), Body::json(change)).await
}

/// Removes somebody.
///
/// # Errors
/// `last_owner`, `owners_only`, and as the client says.
pub async fn remove_user(id: &str) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/users/{}", escaped(id)), Body::None).await
}
