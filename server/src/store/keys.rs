//! The part of the seam that is about keys, and what a key's repeated requests are answered.

use async_trait::async_trait;
use atthene_protocol::ids::{KeyId, SessionId, WorkspaceId};

use super::StoreResult;
use crate::model::key::ApiKey;
use crate::model::time::Timestamp;

/// API keys. Every change bumps the agents' revision too: one table follows both.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// The keys of all workspaces that are not revoked, for the table.
    async fn list_all_keys(&self) -> StoreResult<Vec<ApiKey>>;
    /// The keys of a workspace that are not revoked, newest first.
    async fn list_keys(&self, workspace: &WorkspaceId) -> StoreResult<Vec<ApiKey>>;
    /// Keeps a new key.
    async fn create_key(&self, key: &ApiKey) -> StoreResult<()>;
    /// Revokes a key. `false`: there is none, or it was revoked before.
    async fn revoke_key(&self, workspace: &WorkspaceId, id: &KeyId, now: Timestamp) -> StoreResult<bool>;
    /// Notes when keys were last used; nothing else changes by it, the revision included.
    async fn touch_keys(&self, used: &[(KeyId, Timestamp)]) -> StoreResult<()>;
}

/// Which request it is: the same key, route and `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The owner.
    pub workspace: WorkspaceId,
    /// Who asks.
    pub key_id: KeyId,
    /// Method and path.
    pub route: String,
    /// The header.
    pub idempotency_key: String,
    /// SHA-256 of the body and its type, hex.
    pub request_hash: String,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// It is new: from now on it is being answered.
    New,
    /// It is being answered just now.
    Running,
    /// The same header came with another body.
    Reused,
    /// It was answered so.
    Answered {
        /// The status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
}

/// Answers that are given again.
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Claims the request, or tells what became of it. Answers from before `forget_before` do not count, nor do claims
    /// from before `lost_before` that were never answered.
    async fn claim_request(
        &self,
        request: &IdempotentRequest,
        now: Timestamp,
        forget_before: Timestamp,
        lost_before: Timestamp,
    ) -> StoreResult<Idempotent>;
    /// Keeps the answer of a claimed request, and the session that it tells of. Where that was erased meanwhile, the
    /// claim is given up and nothing is kept.
    async fn keep_answer(
        &self,
        request: &IdempotentRequest,
        session: Option<&SessionId>,
        status: u16,
        body: &[u8],
    ) -> StoreResult<()>;
    /// Gives a claim up: the request may be tried again.
    async fn release_request(&self, request: &IdempotentRequest) -> StoreResult<()>;
    /// Gives up every claim: at a start there is nobody left to answer them. Answers how many.
    async fn release_all_requests(&self) -> StoreResult<u64>;
}
