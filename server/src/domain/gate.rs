//! The gate: who may embed which agent. ONE function, asked before anything else by every transport, with nothing but
//! the agent key of the path and the Origin headers (BAR.md O). It reads a table in memory; closed by default.

use std::sync::Arc;

use super::agents::table::{GateEntry, GateTable};
use super::error::Error;
use super::origins::{OriginError, RequestOrigin};

/// The gate let this request in.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The agent, as the table knew it.
    pub entry: Arc<GateEntry>,
    /// Where the page is from; its text is serialised by us.
    pub origin: RequestOrigin,
}

/// A refusal, with what the audit keeps of it.
#[derive(Debug)]
pub struct GateRefusal {
    /// What the caller is told.
    pub error: Error,
    /// The agent, where there is a public one.
    pub entry: Option<Arc<GateEntry>>,
}

/// Decides by agent key and Origin alone: the agent exists and is public, there is exactly one Origin header, and it
/// matches an allowed entry.
///
/// # Errors
/// `NoPublicAgent` (unknown and not public look the same), `OriginRequired`, `OriginNotAllowed`.
pub fn admit<'a>(
    table: &GateTable,
    agent_key: &str,
    origins: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Admission, GateRefusal> {
    let Some(entry) = table.find(agent_key).filter(|entry| entry.agent.is_public) else {
        return Err(GateRefusal {
            error: Error::NoPublicAgent,
            entry: None,
        });
    };
    match RequestOrigin::from_values(origins) {
        Ok(origin) if entry.origins.allows(&origin) => Ok(Admission { entry, origin }),
        Err(OriginError::Missing | OriginError::Multiple) => Err(GateRefusal {
            error: Error::OriginRequired,
            entry: Some(entry),
        }),
        _ => Err(GateRefusal {
            error: Error::OriginNotAllowed,
            entry: Some(entry),
        }),
    }
}

/// Whether a request that was let in would still be: for streams that outlive a change of the agent.
pub fn still_admits(table: &GateTable, admission: &Admission) -> bool {
    table.find(&admission.entry.agent.agent_key).is_some_and(|entry| {
        entry.agent.id == admission.entry.agent.id && entry.agent.is_public && entry.origins.allows(&admission.origin)
    })
}

/// The same admission as the table knows the agent now, if it still holds.
pub fn admit_again(table: &GateTable, admission: &Admission) -> Option<Admission> {
    let entry = table.find(&admission.entry.agent.agent_key)?;
    still_admits(table, admission).then(|| Admission {
        entry,
        origin: admission.origin.clone(),
    })
}
