//! Reading back: one session for its owner, and its messages page by page.

use atthene_protocol::ids::{MessageId, SessionId};

use super::Conversations;
use crate::domain::error::Error;
use crate::domain::gate::Admission;
use crate::domain::visitors::VisitorClaims;
use crate::model::conversation::{Message, Session};

/// A page has at most so many messages.
const PAGE_MESSAGES: u32 = 200;

const NO_SESSION: Error = Error::NotFound("There is no such session for this visitor.");

impl Conversations {
    /// The session of a path, if the token, the path and the page all belong to it; a foreign one looks like none.
    ///
    /// # Errors
    /// `TokenInvalid` for a token of another agent or origin, `NotFound`, `Internal`.
    pub async fn own_session(
        &self,
        admission: &Admission,
        claims: &VisitorClaims,
        session_id: &str,
    ) -> Result<Session, Error> {
        let agent = &admission.entry.agent;
        if claims.agent != agent.id || claims.origin != admission.origin.as_str() {
            return Err(Error::TokenInvalid(
                "The access token belongs to another agent or origin.",
            ));
        }
        if claims.session.as_str() != session_id {
            return Err(NO_SESSION);
        }
        let session = self
            .store
            .find_session(&agent.workspace, &SessionId(session_id.to_owned()))
            .await?;
        session
            .filter(|session| {
                session.agent_id.as_ref() == Some(&agent.id) && session.visitor_id.as_ref() == Some(&claims.visitor)
            })
            .ok_or(NO_SESSION)
    }

    /// `limit` messages from the `offset`th on, oldest first, and how many there are.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn page_messages(
        &self,
        session: &Session,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<Message>, u64), Error> {
        let workspace = &session.workspace;
        let total = self.store.count_messages(workspace, &session.id).await?;
        let page = self.store.page_messages(workspace, &session.id, offset, limit).await?;
        Ok((page, total))
    }

    /// Up to `limit` messages before `before`, oldest first, and whether there are more.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list_messages(
        &self,
        session: &Session,
        before: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<Message>, bool), Error> {
        let before = before.map(|id| MessageId(id.to_owned()));
        let limit = limit.clamp(1, PAGE_MESSAGES);
        Ok(self
            .store
            .list_messages(&session.workspace, &session.id, before.as_ref(), limit)
            .await?)
    }
}
