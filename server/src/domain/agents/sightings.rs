//! Origins as the one who looks after an agent wants to know them: what the gate answers to one and why, and which ones
//! came of late. It asks the gate and adds words; it decides nothing.

use std::collections::HashSet;

use super::catalogue::Catalogue;
use super::table::GateEntry;
use crate::domain::error::Error;
use crate::domain::gate::admit;
use crate::domain::keys::Caller;
use crate::domain::origins::{RequestOrigin, suggest};
use crate::model::time::Timestamp;

/// So far back "of late" goes.
const LATE_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// The most of each kind.
const MOST: u32 = 50 * 7;

/// What the gate answers to an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Whether a page there may embed the agent now.
    pub is_allowed: bool,
    /// The stable code of the refusal.
    pub code: Option<&'static str>,
    /// Why, for a person.
    pub reason: String,
    /// The entry that would let it in, where the list lacks it; a guess where the origin is not written like one.
    pub missing_entry: Option<String>,
}

/// An origin that came of late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The origin; of an accepted one as we serialise it, of a refused one as it came.
    pub origin: String,
    /// The stable code of the refusal; none where it was let in.
    pub code: Option<String>,
    /// When it last came, as far as is kept.
    pub seen_at: Timestamp,
}

impl Catalogue {
    /// Asks the gate about an origin, as a browser would send it; none: a request without the header.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn test_origin(&self, caller: &Caller, agent: &str, origin: Option<&str>) -> Result<Tested, Error> {
        let agent = self.find(caller, agent).await?;
        self.table.refresh(self.store.as_ref()).await?;
        let refusal = admit(&self.table, &agent.agent_key, origin.map(str::as_bytes)).err();
        let entry = self.table.find_by_id(&agent.id);
        let code = refusal.map(|refusal| match refusal.error {
            Error::NoPublicAgent => "agent_not_found",
            Error::OriginRequired => "origin_required",
            _ => "origin_not_allowed",
        });
        let (reason, missing_entry) = explain(entry.as_deref(), origin);
        Ok(Tested {
            is_allowed: code.is_none(),
            code,
            reason,
            missing_entry,
        })
    }

    /// The origins that were let in or refused in the last seven days, the latest first, each once. Let in counts where
    /// a conversation began; of refusals a sample is kept, each origin once a day and at most 50 a day.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn seen_origins(&self, caller: &Caller, agent: &str) -> Result<Vec<Sighting>, Error> {
        let agent = self.find(caller, agent).await?;
        let (workspace, since) = (&agent.workspace, self.clock.now().plus_ms(-LATE_MS));
        let accepted = self.store.list_origins(workspace, &agent.id, since, MOST).await?;
        let refused = self
            .store
            .list_audit_of(workspace, agent.id.as_str(), "origin.refused", since, MOST)
            .await?;
        let accepted = accepted.into_iter().map(|(origin, seen_at)| Sighting {
            origin,
            code: None,
            seen_at,
        });
        let refused = refused.into_iter().map(|entry| Sighting {
            origin: entry.detail["origin"].as_str().unwrap_or_default().to_owned(),
            code: entry.detail["code"].as_str().map(str::to_owned),
            seen_at: entry.at,
        });
        let mut sightings: Vec<Sighting> = accepted.chain(refused).collect();
        sightings.sort_by_key(|sighting| std::cmp::Reverse(sighting.seen_at));
        let mut known = HashSet::new();
        sightings.retain(|sighting| known.insert((sighting.origin.clone(), sighting.code.clone())));
        Ok(sightings)
    }
}

/// The reason in words, and the entry that would let the origin in.
fn explain(entry: Option<&GateEntry>, text: Option<&str>) -> (String, Option<String>) {
    let origin = match RequestOrigin::from_values(text.map(str::as_bytes)) {
        Ok(origin) => origin,
        Err(error) => return (error.to_string(), text.and_then(suggest)),
    };
    let Some(entry) = entry else {
        return ("The agent was deleted meanwhile.".to_owned(), None);
    };
    let verdict = entry.origins.explain(&origin);
    let missing = (!verdict.is_allowed()).then(|| origin.as_str().to_owned());
    if entry.agent.is_public {
        return (verdict.to_string(), missing);
    }
    let reason = format!("Public access is off: no page can embed this agent. With it on: {verdict}");
    (reason, missing)
}
