//! Sessions under the ids that back ends have for their conversations: unique for each key, gone with the session.

use atthene_protocol::ids::AgentId;
use serde_json::Map;

use super::{Conversations, Opening};
use crate::domain::agents::GateEntry;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::conversation::Session;

const OTHER_AGENT: Error = Error::Conflict {
    code: "other_agent",
    message: "This conversation belongs to another agent; go on there, or give a new conversation an id of its own.",
};

impl Conversations {
    /// The session that this key knows under an id of its own, or whose id it is; a new one where there is none.
    ///
    /// # Errors
    /// `Conflict` where it belongs to another agent, `NotFound`, `ShuttingDown`, `Internal`.
    pub async fn session_of_external_id(
        &self,
        caller: &Caller,
        entry: &GateEntry,
        external_id: &str,
    ) -> Result<Session, Error> {
        let (workspace, key) = (&caller.key.workspace, &caller.key.id);
        let agent = &entry.agent.id;
        if let Some(known) = self.store.find_external(workspace, key, external_id).await? {
            return of_agent(known, agent);
        }
        match self.session_of_key(caller, external_id).await {
            Ok(own) => return of_agent(own, agent),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        let _work = self.begin_work()?;
        let (session, _) = self.draft(caller, Opening::Agent(entry), Map::new())?;
        // Another request may have been faster.
        let session = self.store.create_external(&session, external_id).await?;
        of_agent(session, agent)
    }
}

fn of_agent(session: Session, agent: &AgentId) -> Result<Session, Error> {
    if session.agent_id.as_ref() == Some(agent) {
        Ok(session)
    } else {
        Err(OTHER_AGENT)
    }
}
