//! Sessions of back ends: making them, finding them again. What a key sees is decided here, for all
//! dialects: the sessions that it made; with the scope `sessions:read` those of others too, to read.

use atthene_protocol::ids::{AgentId, SessionId};
use serde_json::{Map, Value};

use super::{Conversations, open_interrupt};
use crate::domain::agents::hash::config_hash;
use crate::domain::agents::{FieldNote, GateEntry, check_moderation};
use crate::domain::clock::new_session_id;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::conversation::{Interrupt, Session, Status, Turn};
use crate::model::key::Scope;
use crate::model::time::Timestamp;
use crate::store::SessionFilter;

/// A session in which nothing happened for so long is idle.
const IDLE_AFTER_MS: i64 = 30 * 60 * 1_000;
const NO_SESSION: Error = Error::NotFound("There is no such session.");

/// What a new session runs.
pub enum Opening<'a> {
    /// An agent, as it is now.
    Agent(&'a GateEntry),
    /// A checked configuration of its own.
    Config(Value),
}

/// Which sessions are asked for.
#[derive(Clone, Debug, Default)]
pub struct SessionQuery {
    /// Of this agent.
    pub agent_id: Option<AgentId>,
    /// In this state.
    pub state: Option<SessionState>,
    /// At most so many.
    pub limit: u32,
    /// Leaves out so many of the newest.
    pub offset: u32,
}

/// What a session is doing, as lists and status tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Something happened lately, and it waits for the next message.
    Active,
    /// A turn is running.
    Processing,
    /// Nothing happened for a while.
    Idle,
    /// Its latest turn failed.
    Error,
}

impl SessionState {
    const ALL: [Self; 4] = [Self::Active, Self::Processing, Self::Idle, Self::Error];

    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Processing => "processing",
            Self::Idle => "idle",
            Self::Error => "error",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// What the latest turns of sessions in this state are, since when something happened in them, and until when.
    pub(super) fn filter(
        state: Option<Self>,
        now: Timestamp,
    ) -> (Option<Vec<Status>>, Option<Timestamp>, Option<Timestamp>) {
        let idle_before = now.plus_ms(-IDLE_AFTER_MS);
        let latest_turn = state.map(|state| match state {
            Self::Processing => vec![Status::Running],
            Self::Error => vec![Status::Error, Status::Interrupted],
            Self::Active => vec![Status::Completed, Status::Stopped, Status::Waiting],
            Self::Idle => vec![Status::Completed, Status::Stopped],
        });
        let active_since = (state == Some(Self::Active)).then_some(idle_before);
        let active_until = (state == Some(Self::Idle)).then_some(idle_before);
        (latest_turn, active_since, active_until)
    }

    pub(super) fn of(session: &Session, latest_turn: Option<Status>, now: Timestamp) -> Self {
        match latest_turn {
            Some(Status::Running) => Self::Processing,
            Some(Status::Waiting) => Self::Active,
            Some(Status::Error | Status::Interrupted) => Self::Error,
            _ if session.last_activity_at.plus_ms(IDLE_AFTER_MS) > now => Self::Active,
            _ => Self::Idle,
        }
    }
}

impl Conversations {
    /// Whether a model can be asked at all.
    pub fn knows(&self, model: &str) -> bool {
        self.llm.knows(model)
    }

    /// Makes a session for a key. `dialect` is kept for the dialect that gave it.
    ///
    /// # Errors
    /// `Forbidden` where the key may not run this, `Malformed`, `Internal`.
    pub async fn open(
        &self,
        caller: &Caller,
        opening: Opening<'_>,
        dialect: Map<String, Value>,
    ) -> Result<Session, Error> {
        let _work = self.begin_work()?;
        let (session, own_config) = self.draft(caller, opening, dialect)?;
        self.store.create_session(&session, None, own_config.as_ref()).await?;
        Ok(session)
    }

    /// A session for a key, with its own configuration where it brings one, before it is kept.
    pub(super) fn draft(
        &self,
        caller: &Caller,
        opening: Opening<'_>,
        dialect: Map<String, Value>,
    ) -> Result<(Session, Option<Value>), Error> {
        let key = &caller.key;
        let (agent_id, config_hash, own_config) = match opening {
            Opening::Agent(entry) => {
                let agent = &entry.agent;
                if agent.workspace != key.workspace || !key.may_run(&agent.id) {
                    return Err(Error::NotFound("There is no such agent, or this key may not run it."));
                }
                (Some(agent.id.clone()), agent.config_hash.clone(), None)
            }
            Opening::Config(config) => {
                check_own_config(caller, &config)?;
                check_moderation("", &config, self.moderation.is_some()).map_err(cannot_run)?;
                (None, config_hash(&config), Some(config))
            }
        };
        let now = self.clock.now();
        let session = Session {
            id: new_session_id(),
            workspace: key.workspace.clone(),
            agent_id,
            config_hash,
            key_id: Some(key.id.clone()),
            visitor_id: None,
            origin: None,
            locale: None,
            page_url: None,
            page_title: None,
            page_referrer: None,
            dialect,
            variables: Map::new(),
            is_preview: false,
            last_seq: 0,
            created_at: now,
            last_activity_at: now,
        };
        Ok((session, own_config))
    }

    /// A session that this key made.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn session_of_key(&self, caller: &Caller, id: &str) -> Result<Session, Error> {
        let found = self
            .store
            .find_session(&caller.key.workspace, &SessionId(id.to_owned()))
            .await?;
        found
            .filter(|session| session.key_id.as_ref() == Some(&caller.key.id))
            .filter(|session| session.agent_id.as_ref().is_none_or(|agent| caller.key.may_run(agent)))
            .ok_or(NO_SESSION)
    }

    /// A session that this key may read: its own, or with `sessions:read` any of its agents.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn readable_session(&self, caller: &Caller, id: &str) -> Result<Session, Error> {
        if !caller.key.may(Scope::SessionsRead) {
            return self.session_of_key(caller, id).await;
        }
        let found = self
            .store
            .find_session(&caller.key.workspace, &SessionId(id.to_owned()))
            .await?;
        found.filter(|session| may_see(caller, session)).ok_or(NO_SESSION)
    }

    /// The sessions that this key may read, newest first.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list_sessions(
        &self,
        caller: &Caller,
        query: &SessionQuery,
    ) -> Result<Vec<(Session, SessionState)>, Error> {
        let key = &caller.key;
        let now = self.clock.now();
        let agent_ids = match (&query.agent_id, &key.agents) {
            (Some(agent), own) if own.as_ref().is_none_or(|own| own.contains(agent)) => Some(vec![agent.clone()]),
            (Some(_), _) => return Ok(Vec::new()),
            (None, own) => own.clone(),
        };
        let (latest_turn, active_since, active_until) = SessionState::filter(query.state, now);
        let filter = SessionFilter {
            key_id: (!key.may(Scope::SessionsRead)).then(|| key.id.clone()),
            agent_ids,
            latest_turn,
            active_since,
            active_until,
            limit: query.limit,
            offset: query.offset,
        };
        let listed = self.store.list_sessions(&key.workspace, &filter).await?;
        let told = listed.into_iter().map(|(session, latest_turn)| {
            let state = SessionState::of(&session, latest_turn, now);
            (session, state)
        });
        Ok(told.collect())
    }

    /// The configuration that a session keeps.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn config_of(&self, session: &Session) -> Result<Value, Error> {
        let found = self
            .store
            .find_configuration(&session.workspace, &session.config_hash)
            .await?;
        found.ok_or_else(|| Error::Internal(format!("the configuration of {} is gone", session.id)))
    }

    /// What a session is doing, how many messages it has, and what it waits for.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn state_of(&self, session: &Session) -> Result<(SessionState, u64, Option<Interrupt>), Error> {
        let turn = self.latest_turn(session).await?;
        let count = self.store.count_messages(&session.workspace, &session.id).await?;
        let state = SessionState::of(session, turn.as_ref().map(|turn| turn.status), self.clock.now());
        Ok((state, count, turn.and_then(open_interrupt)))
    }

    /// The latest turn of a session.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn latest_turn(&self, session: &Session) -> Result<Option<Turn>, Error> {
        Ok(self.store.find_latest_turn(&session.workspace, &session.id).await?)
    }
}

fn may_see(caller: &Caller, session: &Session) -> bool {
    let is_own = session.key_id.as_ref() == Some(&caller.key.id);
    match (&session.agent_id, &caller.key.agents) {
        (_, None) => true,
        (Some(agent), Some(own)) => own.contains(agent),
        (None, Some(_)) => is_own,
    }
}

/// A configuration without a saved agent has no knowledge, and a key that is bound to agents runs none.
fn check_own_config(caller: &Caller, config: &Value) -> Result<(), Error> {
    if caller.key.agents.is_some() {
        return Err(Error::Forbidden {
            code: "key_bound_to_agents",
            message: "This key is bound to agents: it runs no configuration of its own.".to_owned(),
        });
    }
    let bases = config["knowledge_bases"].as_array().map_or(0, Vec::len);
    if bases > 0 {
        let note = FieldNote {
            field: "knowledge_bases".to_owned(),
            message: "Knowledge belongs to a saved agent; save one and make the session from it.".to_owned(),
        };
        return Err(cannot_run(vec![note]));
    }
    Ok(())
}

fn cannot_run(notes: Vec<FieldNote>) -> Error {
    Error::invalid_fields("invalid_configuration", "The configuration cannot run.", notes)
}
