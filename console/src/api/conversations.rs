//! Conversations and traces.

use gloo_net::http::Method;

use super::Failure;
use super::client::{Body, fetch, get, tell};
use super::types::{Conversation, ConversationPage, ConversationStatus, MessagePage, Trace};
use crate::route::escaped;

/// A query of values that are given, escaped; what is empty is left out.
pub fn query(values: &[(&str, &str)]) -> String {
    let given = values.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = given
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    pairs.join("&")
}

/// A page of everybody's conversations that fit.
///
/// # Errors
/// As the client says.
pub async fn list_conversations(filters: &str) -> Result<ConversationPage, Failure> {
    get(&format!("/conversations?{filters}")).await
}

/// One conversation.
///
/// # Errors
/// As the client says.
pub async fn find_conversation(id: &str) -> Result<Conversation, Failure> {
    get(&format!("/conversations/{}", escaped(id))).await
}

/// Some of the messages of a conversation, oldest first.
///
/// # Errors
/// As the client says.
pub async fn list_messages(id: &str, offset: u64, limit: u64) -> Result<MessagePage, Failure> {
    get(&format!(
        "/runtime/{}/messages?offset={offset}&limit={limit}",
        escaped(id)
    ))
    .await
}

/// What a conversation is doing.
///
/// # Errors
/// As the client says.
pub async fn conversation_status(id: &str) -> Result<ConversationStatus, Failure> {
    get(&format!("/runtime/{}/status", escaped(id))).await
}

/// Destroys a conversation with all that belongs to it.
///
/// # Errors
/// As the client says.
pub async fn erase_conversation(id: &str) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/sessions/{}", escaped(id)), Body::None).await
}

/// All conversations that fit, with their messages, as a file.
///
/// # Errors
/// As the client says.
pub async fn export_conversations(filters: &str, format: &str) -> Result<web_sys::Blob, Failure> {
    fetch(&format!("/conversations/export?format={}&{filters}", escaped(format))).await
}

/// Traces that fit, the latest first, each without what only a look at one needs.
///
/// # Errors
/// As the client says.
pub async fn list_traces(filters: &str) -> Result<Vec<Trace>, Failure> {
    get(&format!("/traces?brief=true&{filters}")).await
}

/// One trace.
///
/// # Errors
/// As the client says.
pub async fn find_trace(run: &str) -> Result<Trace, Failure> {
    get(&format!("/traces/{}", escaped(run))).await
}
