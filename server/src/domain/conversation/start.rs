//! Starting a conversation, or going on with one; and a new access token for one that goes on.

use std::net::IpAddr;

use atthene_protocol::ids::VisitorId;
use atthene_protocol::visitor::{Page, StartSession};

use serde_json::Map;

use super::Conversations;
use crate::domain::clock::{new_session_id, new_visitor_id};
use crate::domain::error::Error;
use crate::domain::gate::Admission;
use crate::domain::visitors::{VisitorClaims, hash_secret, new_resume_secret};
use crate::model::conversation::{Message, Session, Turn};
use crate::model::time::Timestamp;
use crate::store::{ResumeLookup, ResumeSecret};

/// How many messages an answer to `start` carries.
const FIRST_MESSAGES: u32 = 50;
/// The longest title of a page that is kept, in characters.
const TITLE_CHARS: usize = 300;
/// The longest address of a page that is kept, in bytes.
const URL_BYTES: usize = 2_048;

/// Who wants to start, and what the page said.
pub struct StartRequest<'a> {
    /// The gate's word.
    pub admission: &'a Admission,
    /// The visitor's address.
    pub address: IpAddr,
    /// The page's words.
    pub body: StartSession,
}

/// A conversation that can go on.
pub struct Started {
    /// It.
    pub session: Session,
    /// The access token.
    pub token: String,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// The resume secret.
    pub resume: String,
    /// The latest messages, oldest first.
    pub messages: Vec<Message>,
    /// The latest turn.
    pub turn: Option<Turn>,
}

impl Conversations {
    /// Goes on with the session of a good resume secret; otherwise makes a new one. A bad secret is ignored.
    ///
    /// # Errors
    /// `RateLimited`, `ShuttingDown`, `Internal`.
    pub async fn start(&self, request: StartRequest<'_>) -> Result<Started, Error> {
        let _work = self.begin_work()?;
        self.limits.start_session(request.address).await?;
        let StartSession {
            resume,
            new,
            page,
            locale,
            ..
        } = request.body;
        let resumed = match resume.filter(|_| !new) {
            Some(secret) => self
                .resume(request.admission, &secret)
                .await?
                .map(|session| (session, secret)),
            None => None,
        };
        let (session, resume) = match resumed {
            Some(resumed) => resumed,
            None => self.create(request.admission, page.unwrap_or_default(), locale).await?,
        };
        let workspace = &session.workspace;
        let (messages, _) = self
            .store
            .list_messages(workspace, &session.id, None, FIRST_MESSAGES)
            .await?;
        let turn = self
            .store
            .snapshot(workspace, &session.id, session.last_seq)
            .await?
            .and_then(|now| now.turn);
        let (token, expires_at) = self.issue_token(request.admission, &session)?;
        Ok(Started {
            session,
            token,
            expires_at,
            resume,
            messages,
            turn,
        })
    }

    /// A new access token for a session that the resume secret opens.
    ///
    /// # Errors
    /// `TokenInvalid` where the secret does not open this session, `Internal`.
    pub async fn renew_token(
        &self,
        admission: &Admission,
        session_id: &str,
        resume: &str,
    ) -> Result<(String, Timestamp), Error> {
        match self.resume(admission, resume).await? {
            Some(session) if session.id.as_str() == session_id => self.issue_token(admission, &session),
            _ => Err(Error::TokenInvalid(
                "This resume secret does not open this session; start a new one.",
            )),
        }
    }

    /// A new access token for who holds one and talks right now, as on an open socket.
    ///
    /// # Errors
    /// `TokenInvalid`, `NotFound` where the session is gone, `Internal`.
    pub async fn extend_token(
        &self,
        admission: &Admission,
        claims: &VisitorClaims,
    ) -> Result<(String, Timestamp), Error> {
        let session = self.own_session(admission, claims, claims.session.as_str()).await?;
        self.issue_token(admission, &session)
    }

    fn issue_token(&self, admission: &Admission, session: &Session) -> Result<(String, Timestamp), Error> {
        let visitor = session
            .visitor_id
            .as_ref()
            .ok_or_else(|| Error::Internal("a visitor's session has no visitor".to_owned()))?;
        self.tokens.issue(
            &admission.entry.agent.id,
            admission.origin.as_str(),
            visitor,
            &session.id,
            self.clock.now(),
        )
    }

    async fn resume(&self, admission: &Admission, secret: &str) -> Result<Option<Session>, Error> {
        let now = self.clock.now();
        let agent = &admission.entry.agent;
        let hash = hash_secret(secret);
        let lookup = ResumeLookup {
            hash: &hash,
            agent_id: &agent.id,
            origin: admission.origin.as_str(),
        };
        let session = self
            .store
            .resume_session(&agent.workspace, &lookup, now, now.plus_ms(self.resume_ttl_ms))
            .await?;
        Ok(session.filter(|session| session.visitor_id.is_some()))
    }

    async fn create(
        &self,
        admission: &Admission,
        page: Page,
        locale: Option<String>,
    ) -> Result<(Session, String), Error> {
        let now = self.clock.now();
        let agent = &admission.entry.agent;
        let visitor: VisitorId = new_visitor_id();
        let session = Session {
            id: new_session_id(),
            workspace: agent.workspace.clone(),
            agent_id: Some(agent.id.clone()),
            config_hash: agent.config_hash.clone(),
            key_id: None,
            visitor_id: Some(visitor),
            origin: Some(admission.origin.as_str().to_owned()),
            locale: locale.filter(|locale| is_language_tag(locale)),
            page_url: page.url.as_deref().and_then(without_query),
            page_title: page.title.map(|title| title.chars().take(TITLE_CHARS).collect()),
            page_referrer: page.referrer.as_deref().and_then(without_query),
            dialect: Map::new(),
            variables: Map::new(),
            is_preview: admission.entry.preview_until.is_some(),
            last_seq: 0,
            created_at: now,
            last_activity_at: now,
        };
        let secret = new_resume_secret();
        let kept = ResumeSecret {
            hash: hash_secret(&secret),
            expires_at: now.plus_ms(self.resume_ttl_ms),
        };
        self.store.create_session(&session, Some(&kept), None).await?;
        Ok((session, secret))
    }
}

/// The form of a language tag (RFC 5646), not its meaning.
fn is_language_tag(text: &str) -> bool {
    !text.is_empty() && text.len() <= 35 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A web address without query, fragment and userinfo: those may hold what is nobody's business here.
fn without_query(text: &str) -> Option<String> {
    let mut url = url::Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_query(None);
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.to_string()).filter(|text| text.len() <= URL_BYTES)
}
