//! An export as CSV (RFC 4180): a line for each message, with its conversation beside it; one without messages has a line
//! of its own. It begins with a byte order mark: without one Excel reads UTF-8 as something else.

use std::borrow::Cow;

use super::{Write, broken};
use crate::api::v1::conversations::ConversationView;
use crate::domain::conversation::Said;
use crate::domain::error::Error;
use crate::model::conversation::Role;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Of the conversation.
const ABOUT: [&str; 11] = [
    "session_id",
    "agent_key",
    "agent_name",
    "kind",
    "origin",
    "visitor_id",
    "page_url",
    "title",
    "status",
    "created_at",
    "last_activity",
];
/// Of the message.
const SAID: [&str; 7] = [
    "message_id",
    "role",
    "message_status",
    "timestamp",
    "content",
    "rating",
    "comment",
];

/// Lines under the columns.
#[derive(Default)]
pub(super) struct Table {
    about: Vec<String>,
    messages: usize,
}

impl Write for Table {
    fn begin(&mut self, piece: &mut Vec<u8>) -> Result<(), Error> {
        piece.extend_from_slice(BYTE_ORDER_MARK);
        line(piece, ABOUT.iter().chain(&SAID).copied())
    }

    fn conversation(&mut self, conversation: &ConversationView, _: &mut Vec<u8>) -> Result<(), Error> {
        let some = |text: &Option<String>| text.clone().unwrap_or_default();
        self.messages = 0;
        self.about = vec![
            conversation.session_id.to_string(),
            some(&conversation.agent_key),
            some(&conversation.agent_name),
            conversation.kind.to_owned(),
            some(&conversation.origin),
            conversation
                .visitor_id
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            some(&conversation.page_url),
            conversation.title.clone(),
            conversation.status.to_owned(),
            conversation.created_at.clone(),
            conversation.last_activity.clone(),
        ];
        Ok(())
    }

    fn text(&mut self, said: &Said, piece: &mut Vec<u8>) -> Result<(), Error> {
        self.messages += 1;
        let timestamp = said.created_at.to_iso();
        let role = match said.role {
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        let feedback = said.feedback.as_ref();
        let of_message = [
            said.id.as_str(),
            role,
            said.status.as_str(),
            &timestamp,
            &said.content,
            feedback.map_or("", |feedback| feedback.rating.as_str()),
            feedback.and_then(|feedback| feedback.comment.as_deref()).unwrap_or(""),
        ];
        line(piece, self.about.iter().map(String::as_str).chain(of_message))
    }

    fn end_conversation(&mut self, piece: &mut Vec<u8>) -> Result<(), Error> {
        if self.messages > 0 {
            return Ok(());
        }
        line(piece, self.about.iter().map(String::as_str).chain(SAID.map(|_| "")))
    }

    fn end(&mut self, _: &mut Vec<u8>) -> Result<(), Error> {
        Ok(())
    }
}

fn line<'a>(piece: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(piece);
    let cells = cells.map(|cell| harmless(cell).into_owned());
    writer.write_record(cells).map_err(broken)?;
    writer.flush().map_err(broken)
}

/// A spreadsheet takes what begins so for a formula, which may send what stands beside it elsewhere; behind an apostrophe
/// it is text.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}
