//! `POST /agui/{agent_key}`: whose thread it is, what is asked, and the stream of what comes of it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use atthene_protocol::event::Audience;
use atthene_protocol::ids::{InterruptId, RunId};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::FutureExt;

use super::convert::{Asked, asked, inputs, known_text};
use super::translate::{Names, Translator, cut};
use super::types::RunInput;
use crate::domain::conversation::{Answer, Conversations, Follower, NewMessage, Posted};
use crate::domain::error::Error;
use crate::domain::limits::{Author, Permit};
use crate::http::extract::address::ClientAddress;
use crate::http::extract::either::Either;
use crate::http::extract::json::JsonBody;
use crate::http::extract::visitor::{TokenHolder, Visitor};
use crate::http::stream::{EventStream, Right, SSE_HEADERS};
use crate::model::conversation::{Session, Status};
use crate::state::AppState;

const NO_QUESTION: Error = Error::NotFound("This thread does not wait for the answer to this question.");

/// Runs the agent in a thread, and streams the run.
///
/// # Errors
/// As the core says, before the stream has begun.
pub async fn run(
    State(state): State<AppState>,
    who: Either,
    ClientAddress(address): ClientAddress,
    Path(agent_key): Path<String>,
    JsonBody(input): JsonBody<RunInput>,
) -> Result<Response, Error> {
    let asked = asked(&input)?;
    let party = Party::new(&state, who, address, &agent_key, &input, &asked).await?;
    let core = Arc::clone(&state.conversations);
    if let Asked::Cancel { interrupt_id } = &asked {
        return cancel(&state, &party.session, &input, interrupt_id).await;
    }
    // Listens before the turn can begin: a short answer may be over before its number is known here.
    let follower = core.follow(party.session.clone(), party.audience, party.session.last_seq);
    let follower = follower.await?;
    let posted = post(&core, &party, &input, asked).await?;
    respond(state, party, &input, follower, posted).await
}

/// Who runs it, in which session, by what right.
struct Party {
    session: Session,
    author: Author,
    most_chars: u32,
    audience: Audience,
    right: Right,
    permit: Option<Permit>,
}

impl Party {
    async fn new(
        state: &AppState,
        who: Either,
        address: IpAddr,
        agent_key: &str,
        input: &RunInput,
        asked: &Asked,
    ) -> Result<Self, Error> {
        let core = &state.conversations;
        match who {
            Either::Key(caller) => {
                const NO_AGENT: Error = Error::NotFound("There is no such agent, or this key may not run it.");
                let entry = state.table.find_for_key(&caller.key, agent_key).ok_or(NO_AGENT)?;
                Ok(Self {
                    session: core.session_of_external_id(&caller, &entry, &input.thread_id).await?,
                    author: Author::Key(caller.key.id.clone()),
                    most_chars: state.settings.limits.message_chars,
                    audience: Audience::Api,
                    right: Right::Key(caller.key),
                    permit: None,
                })
            }
            Either::Visitor(TokenHolder { admission, token }) => {
                let visitor = Visitor::of_token(state, admission, &token, Some(&input.thread_id)).await?;
                refuse_images(asked)?;
                Ok(Self {
                    author: visitor.author(address),
                    most_chars: state.limits.message_chars(&visitor.admission.entry.agent),
                    audience: Audience::Visitor,
                    permit: Some(state.limits.open_stream(visitor.claims.visitor.as_str(), address)?),
                    session: visitor.session,
                    right: Right::Visitor {
                        admission: visitor.admission,
                        token_end_s: visitor.claims.exp,
                    },
                })
            }
        }
    }
}

fn refuse_images(asked: &Asked) -> Result<(), Error> {
    match asked {
        Asked::Message { blocks, .. } if !blocks.is_empty() => Err(Error::Invalid {
            code: "run_input",
            message: "Visitors write text: leave the images out.".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Commits what is asked. A message whose turn was stopped, cut off or failed is tried again when it comes again.
async fn post(core: &Arc<Conversations>, party: &Party, input: &RunInput, asked: Asked) -> Result<Posted, Error> {
    let session = party.session.clone();
    let (client_id, text, blocks) = match asked {
        Asked::Message {
            client_id,
            text,
            blocks,
        } => (client_id, text, blocks),
        Asked::Answer { interrupt_id, content } => return answer(core, party, input, interrupt_id, content).await,
        Asked::Cancel { .. } => return Err(NO_QUESTION),
    };
    let message = NewMessage {
        author: party.author.clone(),
        most_chars: party.most_chars,
        client_id,
        content: text,
        blocks,
        correlation_id: Some(input.run_id.clone()),
        inputs: inputs(input)?,
    };
    let posted = core.post(session.clone(), message).await?;
    let latest = core.latest_turn(&session).await?;
    let has_failed = latest.is_some_and(|turn| {
        let is_it = turn.run_id == posted.accepted.run_id;
        is_it && matches!(turn.status, Status::Stopped | Status::Interrupted | Status::Error)
    });
    if has_failed && posted.accepted.seq <= session.last_seq {
        return core.retry(session, &party.author).await;
    }
    Ok(posted)
}

/// The answer to the question that the session waits for.
async fn answer(
    core: &Arc<Conversations>,
    party: &Party,
    input: &RunInput,
    interrupt_id: String,
    content: String,
) -> Result<Posted, Error> {
    let answer = Answer {
        author: party.author.clone(),
        most_chars: party.most_chars,
        interrupt_id: Some(InterruptId(interrupt_id)),
        content,
        correlation_id: Some(input.run_id.clone()),
    };
    core.answer(party.session.clone(), answer).await
}

/// Stops the turn that waits for an answer which nobody will give.
async fn cancel(state: &AppState, session: &Session, input: &RunInput, interrupt_id: &str) -> Result<Response, Error> {
    let core = &state.conversations;
    let open = core.waits_for(session).await?;
    open.filter(|open| open.id.as_str() == interrupt_id)
        .ok_or(NO_QUESTION)?;
    let turn = core.stop(session).await?.ok_or(NO_QUESTION)?;
    let told = Translator::new(names(state, session, input, turn)).cancelled();
    Ok((SSE_HEADERS, Body::from(told)).into_response())
}

fn names(state: &AppState, session: &Session, input: &RunInput, turn: RunId) -> Names {
    Names {
        thread_id: input.thread_id.clone(),
        run_id: input.run_id.clone(),
        session: session.id.clone(),
        turn,
        asked_ms: state.clock.now().0,
    }
}

/// The stream of a turn that begins or runs; the whole of one that is over.
async fn respond(
    state: AppState,
    party: Party,
    input: &RunInput,
    mut follower: Follower,
    posted: Posted,
) -> Result<Response, Error> {
    let core = Arc::clone(&state.conversations);
    let session = party.session;
    let accepted = &posted.accepted;
    let mut translator = Translator::new(names(&state, &session, input, accepted.run_id.clone()));
    if accepted.seq > follower.seen() {
        follower.skip_to(accepted.seq);
    } else {
        // Asked before: what the client has of the answer is not told again.
        let (turn, answer) = core.turn(&session, &accepted.run_id).await?;
        translator = translator.knowing(known_text(input, answer.id.as_str()));
        if turn.status != Status::Running {
            let finished = core.wait(&session.workspace, posted).await?;
            return Ok((SSE_HEADERS, Body::from(translator.finish(&finished))).into_response());
        }
        let before = accepted.seq.saturating_sub(1);
        follower = core.follow(session.clone(), party.audience, before).await?;
    }
    let translator = Arc::new(Mutex::new(translator));
    let writer = Arc::clone(&translator);
    let stream = EventStream {
        state,
        right: party.right,
        follower,
        permit: party.permit,
        one_turn: true,
        write: Box::new(move |frame| writer.lock().unwrap_or_else(PoisonError::into_inner).frame(frame)),
        write_end: cut,
        tail: Some(last_bytes(core, session, posted, translator).boxed()),
    };
    Ok(stream.into_response())
}

/// What a snapshot of the end leaves open; nothing where the end was told live.
async fn last_bytes(
    core: Arc<Conversations>,
    session: Session,
    posted: Posted,
    translator: Arc<Mutex<Translator>>,
) -> Bytes {
    let finished = core.wait(&session.workspace, posted).await;
    let mut translator = translator.lock().unwrap_or_else(PoisonError::into_inner);
    match finished {
        Ok(finished) => translator.finish(&finished),
        Err(_) => Bytes::new(),
    }
}
