//! An export as JSON: the conversations of the list, each with its messages.

use atthene_protocol::event::Role;
use atthene_protocol::ids::MessageId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Write, broken};
use crate::api::v1::conversations::ConversationView;
use crate::domain::conversation::Said;
use crate::domain::error::Error;
use crate::model::conversation::{Feedback, Status};

/// One document, written from its beginning to its end.
#[derive(Default)]
pub(super) struct Document {
    conversations: usize,
    messages: usize,
}

/// The document as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    /// The conversations, the latest activity first.
    conversations: Vec<ExportedConversation>,
}

/// A conversation with what was said in it.
#[derive(Debug, Serialize, ToSchema)]
struct ExportedConversation {
    /// What the list says of it.
    #[serde(flatten)]
    view: ConversationView,
    /// Its messages, oldest first.
    messages: Vec<ExportedMessage>,
}

/// A message in a file.
#[derive(Debug, Serialize, ToSchema)]
struct ExportedMessage {
    /// The message.
    id: MessageId,
    /// `user` or `assistant`.
    role: Role,
    /// What it says.
    content: String,
    /// `completed`, `running`, `stopped`, `interrupted` or `error`.
    status: Status,
    /// When its turn began.
    timestamp: String,
    /// What the visitor thinks of it; only where they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<Feedback>,
}

impl Write for Document {
    fn begin(&mut self, piece: &mut Vec<u8>) -> Result<(), Error> {
        piece.extend_from_slice(b"{\"conversations\":[");
        Ok(())
    }

    fn conversation(&mut self, conversation: &ConversationView, piece: &mut Vec<u8>) -> Result<(), Error> {
        piece.extend_from_slice(if self.conversations == 0 { b"\n" } else { b",\n" });
        self.conversations += 1;
        self.messages = 0;
        serde_json::to_writer(&mut *piece, conversation).map_err(broken)?;
        // The object stays open for its messages.
        piece.pop();
        piece.extend_from_slice(b",\"messages\":[");
        Ok(())
    }

    fn text(&mut self, said: &Said, piece: &mut Vec<u8>) -> Result<(), Error> {
        if self.messages > 0 {
            piece.push(b',');
        }
        self.messages += 1;
        let view = ExportedMessage {
            id: said.id.clone(),
            role: said.role,
            content: said.content.clone(),
            status: said.status,
            timestamp: said.created_at.to_iso(),
            feedback: said.feedback.clone(),
        };
        serde_json::to_writer(piece, &view).map_err(broken)
    }

    fn end_conversation(&mut self, piece: &mut Vec<u8>) -> Result<(), Error> {
        piece.extend_from_slice(b"]}");
        Ok(())
    }

    fn end(&mut self, piece: &mut Vec<u8>) -> Result<(), Error> {
        piece.extend_from_slice(b"\n]}\n");
        Ok(())
    }
}
