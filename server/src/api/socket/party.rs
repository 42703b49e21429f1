//! Who talks on a socket: at the door, then in a session, and what they may do there. Every command asks for the session
//! again, as every request does: what was withdrawn, revoked or erased meanwhile is refused at once.

use std::net::IpAddr;
use std::sync::Arc;

use atthene_protocol::event::Audience;
use atthene_protocol::ids::{KeyId, SessionId};
use atthene_protocol::socket::{ACCESS_WITHDRAWN, ClientFrame, ServerFrame, SessionStart, TOKEN};
use atthene_protocol::visitor::{SendInput, SendMessage};
use http::StatusCode;

use super::frames::invalid;
use crate::domain::conversation::{Answer, Follower, NewMessage, Posted};
use crate::domain::error::Error;
use crate::domain::gate::{Admission, admit_again};
use crate::domain::keys::{Caller, still_valid};
use crate::domain::limits::{Author, Permit};
use crate::domain::visitors::VisitorClaims;
use crate::http::extract::visitor::{Visitor, input_answer, text_message};
use crate::http::problem::Failure;
use crate::http::stream::{Right, Watch};
use crate::model::conversation::Session;
use crate::state::AppState;

const KEY_REVOKED: Error = Error::KeyInvalid("The API key is unknown or was revoked.");

/// Somebody at the door; no session yet.
pub(super) struct Knock {
    who: Who,
    permit: Option<Permit>,
}

enum Who {
    Page { admission: Admission, address: IpAddr },
    BackEnd { caller: Caller },
}

/// Somebody in a session.
pub(super) struct Party {
    /// The session.
    pub(super) session_id: SessionId,
    /// Whether they may go on.
    pub(super) watch: Watch,
    /// Its events.
    pub(super) follower: Follower,
    role: Role,
    /// Its places among the open sockets: at the door, and by name.
    _places: [Option<Permit>; 2],
}

enum Role {
    Visitor(Box<Guest>),
    /// `reads_only`: the session is another's, shown by the scope `sessions:read`.
    BackEnd {
        caller: Caller,
        reads_only: bool,
    },
}

struct Guest {
    admission: Admission,
    claims: VisitorClaims,
    address: IpAddr,
}

/// A command that is not carried out.
pub(super) struct Refusal {
    /// Why.
    pub(super) failure: Box<Failure>,
    /// The code that the socket ends with, where it cannot go on.
    pub(super) code: Option<u16>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            failure: Box::new(failure),
            code: None,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Failure::from(error).into()
    }
}

impl Refusal {
    /// Of somebody's right itself.
    fn of_right(error: Error) -> Self {
        let code = match &error {
            Error::TokenExpired
            | Error::TokenInvalid(_)
            | Error::KeyInvalid(_)
            | Error::KeyExpired
            | Error::NotFound(_) => Some(TOKEN),
            Error::NoPublicAgent => Some(ACCESS_WITHDRAWN),
            _ => None,
        };
        Self {
            failure: Box::new(error.into()),
            code,
        }
    }
}

impl Knock {
    pub(super) fn page(admission: Admission, address: IpAddr) -> Self {
        Self {
            who: Who::Page { admission, address },
            permit: None,
        }
    }

    pub(super) fn back_end(caller: Caller) -> Self {
        Self {
            who: Who::BackEnd { caller },
            permit: None,
        }
    }

    /// Takes a place for the socket.
    pub(super) fn hold(&mut self, state: &AppState) -> Result<(), Error> {
        let address = match &self.who {
            Who::Page { address, .. } => Some(*address),
            Who::BackEnd { .. } => None,
        };
        self.permit = Some(state.limits.open_socket(address)?);
        Ok(())
    }

    /// Opens the session that the first frame names.
    pub(super) async fn start(
        &mut self,
        state: &AppState,
        start: SessionStart,
    ) -> Result<(Party, ServerFrame), Refusal> {
        let after = start.after.unwrap_or(0);
        let (session, audience, right, role, place) = match &self.who {
            Who::Page { admission, address } => {
                let token = start.token.as_deref().ok_or_else(token_required)?;
                let admission = still_admitted(state, admission)?;
                let named = start.session_id.as_ref().map(SessionId::as_str);
                let visitor = Visitor::of_token(state, admission, token, named)
                    .await
                    .map_err(Refusal::of_right)?;
                let place = state.limits.name_socket(&visitor.claims.visitor)?;
                let right = Right::Visitor {
                    admission: visitor.admission.clone(),
                    token_end_s: visitor.claims.exp,
                };
                let role = Role::Visitor(Box::new(Guest {
                    admission: visitor.admission,
                    claims: visitor.claims,
                    address: *address,
                }));
                (visitor.session, Audience::Visitor, right, role, Some(place))
            }
            Who::BackEnd { caller } => {
                let id = start.session_id.as_ref().ok_or_else(session_required)?.as_str();
                let session = state.conversations.readable_session(caller, id).await;
                let session = session.map_err(Refusal::of_right)?;
                let role = Role::BackEnd {
                    reads_only: session.key_id.as_ref() != Some(&caller.key.id),
                    caller: caller.clone(),
                };
                (session, Audience::Api, Right::Key(Arc::clone(&caller.key)), role, None)
            }
        };
        let ready = ServerFrame::SessionReady {
            session_id: session.id.clone(),
            last_seq: session.last_seq,
        };
        let party = Party {
            session_id: session.id.clone(),
            watch: Watch::new(state.clone(), right),
            follower: state.conversations.follow(session, audience, after).await?,
            role,
            _places: [self.permit.take(), place],
        };
        Ok((party, ready))
    }
}

impl Party {
    /// Carries out a command; what is answered, if anything is.
    pub(super) async fn obey(
        &mut self,
        state: &AppState,
        command: ClientFrame,
    ) -> Result<Option<ServerFrame>, Refusal> {
        let core = &state.conversations;
        match command {
            ClientFrame::Ping => Ok(Some(ServerFrame::Pong)),
            ClientFrame::SessionStart(_) => Err(already_started().into()),
            ClientFrame::MessageSend(body) => {
                let entered = self.enter(state).await?;
                let message = entered.message(state, body);
                let posted = core.post(entered.into_session(), message).await?;
                Ok(Some(ack(posted)))
            }
            ClientFrame::RunStop => {
                core.stop(&self.enter(state).await?.into_session()).await?;
                Ok(None)
            }
            ClientFrame::RunRetry => {
                let entered = self.enter(state).await?;
                let author = entered.author();
                let posted = core.retry(entered.into_session(), &author).await?;
                Ok(Some(ack(posted)))
            }
            ClientFrame::InputAnswer(body) => {
                let entered = self.enter(state).await?;
                let answer = entered.answer(state, body);
                let posted = core.answer(entered.into_session(), answer).await?;
                Ok(Some(ack(posted)))
            }
        }
    }

    /// The session as it is now, for somebody who may still write in it.
    async fn enter(&mut self, state: &AppState) -> Result<Entered, Refusal> {
        let id = self.session_id.as_str();
        match &self.role {
            Role::Visitor(guest) => {
                let admission = still_admitted(state, &guest.admission)?;
                let session = state.conversations.own_session(&admission, &guest.claims, id).await;
                let visitor = Visitor {
                    session: session.map_err(Refusal::of_right)?,
                    admission,
                    claims: guest.claims.clone(),
                };
                Ok(Entered::Visitor(visitor, guest.address))
            }
            Role::BackEnd { caller, reads_only } => {
                if !still_valid(&state.table, &caller.key, state.clock.now()) {
                    return Err(Refusal::of_right(KEY_REVOKED));
                }
                state.limits.call(&caller.key.id).await?;
                let found = state.conversations.session_of_key(caller, id).await;
                let session = found.map_err(|error| match reads_only {
                    true => error.into(),
                    false => Refusal::of_right(error),
                })?;
                Ok(Entered::BackEnd(session, caller.key.id.clone()))
            }
        }
    }

    /// When the token ends and how long it lives, in unix seconds and seconds; none for a back end.
    pub(super) fn token_life(&self) -> Option<(i64, i64)> {
        match &self.role {
            Role::Visitor(guest) => Some((guest.claims.exp, guest.claims.exp - guest.claims.iat)),
            Role::BackEnd { .. } => None,
        }
    }

    /// A new token for a visitor who is still here.
    pub(super) async fn renew(&mut self, state: &AppState) -> Result<Option<ServerFrame>, Refusal> {
        let Role::Visitor(guest) = &mut self.role else {
            return Ok(None);
        };
        let Guest { admission, claims, .. } = &mut **guest;
        let now = still_admitted(state, admission)?;
        let (token, expires_at) = state
            .conversations
            .extend_token(&now, claims)
            .await
            .map_err(Refusal::of_right)?;
        let exp = expires_at.0.div_euclid(1_000);
        (claims.iat, claims.exp) = (claims.iat + exp - claims.exp, exp);
        *admission = now;
        self.watch.renew(exp);
        Ok(Some(ServerFrame::Token {
            token,
            expires_at: expires_at.to_iso(),
        }))
    }
}

fn still_admitted(state: &AppState, admission: &Admission) -> Result<Admission, Refusal> {
    admit_again(&state.table, admission).ok_or_else(|| Refusal::of_right(Error::NoPublicAgent))
}

/// Somebody in their session, as it is now.
enum Entered {
    Visitor(Visitor, IpAddr),
    BackEnd(Session, KeyId),
}

impl Entered {
    fn author(&self) -> Author {
        match self {
            Self::Visitor(visitor, address) => visitor.author(*address),
            Self::BackEnd(_, key) => Author::Key(key.clone()),
        }
    }

    fn message(&self, state: &AppState, body: SendMessage) -> NewMessage {
        match self {
            Self::Visitor(visitor, address) => visitor.message(state, *address, body),
            Self::BackEnd(..) => text_message(self.author(), state.settings.limits.message_chars, body),
        }
    }

    fn answer(&self, state: &AppState, body: SendInput) -> Answer {
        match self {
            Self::Visitor(visitor, address) => visitor.answer(state, *address, body),
            Self::BackEnd(..) => input_answer(self.author(), state.settings.limits.message_chars, body),
        }
    }

    fn into_session(self) -> Session {
        match self {
            Self::Visitor(visitor, _) => visitor.session,
            Self::BackEnd(session, _) => session,
        }
    }
}

/// Whoever reads the frame knows which id it had.
fn ack(posted: Posted) -> ServerFrame {
    let accepted = posted.accepted;
    ServerFrame::Ack {
        client_id: None,
        message_id: accepted.message_id,
        run_id: accepted.run_id,
        seq: accepted.seq,
    }
}

fn token_required() -> Failure {
    invalid(
        StatusCode::UNPROCESSABLE_ENTITY,
        "token_required",
        "`session.start` of a page carries the `token` that `POST /sessions` gave.",
    )
}

fn session_required() -> Failure {
    invalid(
        StatusCode::UNPROCESSABLE_ENTITY,
        "session_required",
        "`session.start` of a back end carries the `session_id` of a session that its key made.",
    )
}

fn already_started() -> Failure {
    Failure::new(
        StatusCode::CONFLICT,
        "conflict_error",
        "session_started",
        "This socket has its session; open another one for another session.",
    )
}
