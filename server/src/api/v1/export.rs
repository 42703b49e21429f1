//! `GET /conversations/export`: the conversations of a list with all that was said in them, as one file. It is written
//! while it is read, a little at a time: however many there are, the memory holds a few of them.

mod document;
mod table;

use std::sync::Arc;

use atthene_protocol::ids::SessionId;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::conversations::{ConversationParameters, ConversationView, read, view};
use crate::domain::conversation::{ConversationQuery, Said};
use crate::domain::error::Error;
use crate::domain::keys;
use crate::http::extract::api_key::Caller;
use crate::http::extract::query::Params;
use crate::model::conversation::Session;
use crate::state::AppState;
use document::Document;
pub use document::Export;
use table::Table;

/// How many conversations are looked for at a time.
const FOUND_AT_ONCE: u32 = 1_000;
/// How many of them are loaded at a time.
const LOADED_AT_ONCE: usize = 100;
/// How many texts of one.
const TEXTS_AT_ONCE: u32 = 50;
/// How many pieces of the file wait for a slow reader.
const PIECES: usize = 2;
/// A piece is sent when it is so large.
const PIECE_BYTES: usize = 64 * 1024;

/// `?format=`, beside the filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExportParameters {
    format: Option<String>,
}

/// How a file is written; each verb appends to the piece.
trait Write: Send {
    /// What comes first.
    fn begin(&mut self, piece: &mut Vec<u8>) -> Result<(), Error>;
    /// A conversation begins.
    fn conversation(&mut self, conversation: &ConversationView, piece: &mut Vec<u8>) -> Result<(), Error>;
    /// Something was said in it.
    fn text(&mut self, said: &Said, piece: &mut Vec<u8>) -> Result<(), Error>;
    /// It ends.
    fn end_conversation(&mut self, piece: &mut Vec<u8>) -> Result<(), Error>;
    /// What comes last.
    fn end(&mut self, piece: &mut Vec<u8>) -> Result<(), Error>;
}

/// Everything that fits, whatever `limit` and `before` say.
///
/// # Errors
/// As the list.
pub async fn export_conversations(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(export): Params<ExportParameters>,
    Params(filters): Params<ConversationParameters>,
) -> Result<Response, Error> {
    let (format, kind, write): (&str, &str, Box<dyn Write>) = match export.format.as_deref() {
        Some("json") | None | Some("") => ("json", "application/json", Box::<Document>::default()),
        Some("csv") => (
            "csv",
            "text/csv; charset=utf-8; header=present",
            Box::<Table>::default(),
        ),
        Some(_) => return Err(Error::malformed("format", "`format` is json or csv.")),
    };
    let query = read(&state, &caller, filters)?;
    let ids = find_all(&state, &caller, query).await?;
    state.conversations.note_export(&caller, format, ids.len()).await?;
    let day = &state.clock.now().to_iso()[..10];
    let name = format!("attachment; filename=\"conversations-{day}.{format}\"");
    let (pieces, read) = mpsc::channel(PIECES);
    tokio::spawn(write_all(state, caller, ids, write, pieces));
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(ReceiverStream::new(read))).into_response())
}

/// The ids first: whoever writes in one of the conversations meanwhile moves it in the list, but not in the file.
async fn find_all(
    state: &AppState,
    caller: &keys::Caller,
    query: Option<ConversationQuery>,
) -> Result<Vec<SessionId>, Error> {
    let Some(mut query) = query else { return Ok(Vec::new()) };
    (query.limit, query.before) = (FOUND_AT_ONCE, None);
    let mut all = Vec::new();
    loop {
        let (ids, next) = state.conversations.find_conversations(caller, &query).await?;
        all.extend(ids);
        if next.is_none() {
            return Ok(all);
        }
        query.before = next;
    }
}

/// A piece of the file, or what cuts it off: a reader then sees that the file is not whole.
type Piece = Result<Bytes, std::io::Error>;

async fn write_all(
    state: AppState,
    caller: keys::Caller,
    ids: Vec<SessionId>,
    mut write: Box<dyn Write>,
    pieces: mpsc::Sender<Piece>,
) {
    let mut file = File {
        state,
        pieces,
        piece: Vec::new(),
    };
    if let Err(error) = file.write(&caller, &ids, write.as_mut()).await {
        tracing::error!(%error, "an export was cut off");
        let cut = std::io::Error::other("the export was cut off");
        drop(file.pieces.send(Err(cut)).await);
    }
}

struct File {
    state: AppState,
    pieces: mpsc::Sender<Piece>,
    piece: Vec<u8>,
}

impl File {
    async fn write(&mut self, caller: &keys::Caller, ids: &[SessionId], write: &mut dyn Write) -> Result<(), Error> {
        write.begin(&mut self.piece)?;
        for some in ids.chunks(LOADED_AT_ONCE) {
            let loaded = self.state.conversations.load_conversations(caller, some).await?;
            for overview in loaded {
                let session = overview.session.clone();
                write.conversation(&view(&self.state, overview), &mut self.piece)?;
                self.write_texts(&session, write).await?;
                write.end_conversation(&mut self.piece)?;
                if !self.send(PIECE_BYTES).await {
                    return Ok(());
                }
            }
        }
        write.end(&mut self.piece)?;
        self.send(0).await;
        Ok(())
    }

    async fn write_texts(&mut self, session: &Session, write: &mut dyn Write) -> Result<(), Error> {
        let core = Arc::clone(&self.state.conversations);
        let mut after = 0;
        loop {
            let texts = core.list_texts(session, after, TEXTS_AT_ONCE).await?;
            let Some(last) = texts.last() else { return Ok(()) };
            after = last.position;
            for said in &texts {
                write.text(said, &mut self.piece)?;
            }
            if texts.len() < TEXTS_AT_ONCE as usize || !self.send(PIECE_BYTES).await {
                return Ok(());
            }
        }
    }

    /// Sends what is there, if it is more than that; whether somebody still reads.
    async fn send(&mut self, bytes: usize) -> bool {
        if self.piece.len() <= bytes {
            return true;
        }
        let piece = Bytes::from(std::mem::take(&mut self.piece));
        self.pieces.send(Ok(piece)).await.is_ok()
    }
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("writing an export: {error}"))
}
