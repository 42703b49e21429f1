//! What can happen to a conversation and what can follow from it; no rule of which follows from which (see `update`).

use atthene_protocol::event::{Role, Status};
use atthene_protocol::visitor::Rating;

use super::model::{Question, Route};

/// When an event happened, and a random number for it: the rules have neither clock nor dice.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Unix time in milliseconds.
    pub now_ms: f64,
    /// At least 0, less than 1.
    pub random: f64,
}

/// A request to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Start the session, or go on with the remembered one.
    Start,
    /// A new token for the session.
    Renew,
    /// Read the events after this number on such a line, for as long as they come.
    Listen(Route, u64),
    /// Ask the other end of the socket for a sign of life.
    Ping,
    /// Send a message.
    Post {
        /// The visitor's own id for it.
        client_id: String,
        /// The text.
        content: String,
        /// The question that it answers; empty if none.
        answers: String,
    },
    /// Stop the running turn.
    Stop,
    /// Run the failed or interrupted turn again.
    Retry,
    /// Rate the answer at a place, or take its rating back.
    Rate {
        /// Where it stands.
        at: usize,
        /// What the visitor thinks of it now.
        rating: Option<Rating>,
        /// What they thought before.
        before: Option<Rating>,
    },
    /// Ask whether the server can be reached at all.
    Probe,
}

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure {
    /// No answer that the page may read.
    Network,
    /// The token is not good any more.
    Token,
    /// A turn is running.
    Busy,
    /// Too many: wait so many milliseconds.
    Pause(f64),
    /// The session is not there any more.
    Gone,
    /// The request itself is wrong.
    Refused,
    /// The server failed.
    Server,
}

/// A whole message as the server tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageSeen {
    /// The server's id.
    pub id: String,
    /// The visitor's own id; empty if none.
    pub client_id: String,
    /// The turn.
    pub run_id: String,
    /// Who wrote it.
    pub role: Role,
    /// The text so far.
    pub content: String,
    /// Where it stands.
    pub status: Status,
    /// When it was written, Unix time; 0 if that was not told.
    pub at_ms: f64,
    /// What the visitor thinks of it.
    pub rating: Option<Rating>,
}

/// The answer to `Call::Start`.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionStarted {
    /// The conversation.
    pub session_id: String,
    /// What was said so far, oldest first.
    pub messages: Vec<MessageSeen>,
    /// The turn that is running, or waits; empty if none does.
    pub run_id: String,
    /// What it waits for.
    pub question: Option<Question>,
    /// Resume the events after this number.
    pub last_seq: u64,
    /// When the token ends, Unix time.
    pub token_ends_ms: f64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The panel was opened or closed.
    Opened(bool),
    /// The page was shown, or put away.
    Shown(bool),
    /// Nobody looks at the page any more, or somebody does again.
    Hidden(bool),
    /// The network came or went, as the browser believes.
    Online(bool),
    /// The time that `wake_at_ms` named has come.
    Woke,
    /// The visitor wrote a message.
    Written {
        /// The visitor's own id for it.
        client_id: String,
        /// The text.
        content: String,
        /// The question that it was sent as the answer of, on an earlier page.
        answers: String,
        /// When, Unix time.
        at_ms: f64,
    },
    /// The visitor wants the running turn to stop.
    StopWanted,
    /// The visitor wants the last turn to be run again.
    RetryWanted,
    /// The visitor says what they think of the answer at this place; the same again takes it back.
    Rated(usize, Rating),
    /// Another tab began another conversation; it is the one of all tabs.
    Moved,
    /// The session is there.
    Started(SessionStarted),
    /// There is a new token, good until then (Unix time).
    Renewed(f64),
    /// The server has the message.
    Posted {
        /// The visitor's own id for it; empty if the server does not say.
        client_id: String,
        /// The server's id for it.
        message_id: String,
        /// The turn that answers it.
        run_id: String,
    },
    /// The events come from now on.
    Listening,
    /// Something was heard on the line, a comment perhaps.
    Heard,
    /// The line ended: with a code of the server, or another one if it was cut; try again after so many milliseconds.
    Ended(u32, f64),
    /// The latest messages, where the server has to be asked for them.
    Polled(Vec<MessageSeen>),
    /// A request failed.
    Failed(Call, Failure),
    /// The probe was answered, or not.
    Probed(bool),
    /// A message is as told here.
    MessageTold(MessageSeen),
    /// A turn is as told here.
    RunTold(String, Status),
    /// The turn with this id waits for the answer to a question.
    Asked(String, Question),
    /// The answer with this id began.
    AnswerBegan(String),
    /// The answer with this id goes on with this text.
    AnswerGrew(String, String),
    /// A step with this public label began; or is over (true).
    StepTold(String, bool),
    /// The running turn failed, for this reason in words for the visitor, with a code for the page.
    RunFailed(String, String),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the server.
    Call(Call),
    /// Close the line, or give up what it waits for.
    HangUp,
    /// Everything on the screen is another one.
    Redraw,
    /// A message came in at this place.
    Insert(usize),
    /// The message at this place has grown by this text.
    Append(usize, String),
    /// The text of the message at this place is another one.
    Replace(usize),
    /// The state of the message at this place changed.
    Mark(usize),
    /// Remember the message at this place until it is delivered.
    Keep(usize),
    /// The message at this place need not be remembered any more: it was delivered (true) or refused.
    Settle(usize, bool),
    /// Tell the page of the complete message at this place.
    Tell(usize),
    /// Tell the page that there is a session.
    TellSession,
    /// Tell the page that a turn began.
    TellRunStart,
    /// Tell the page that a turn ended so.
    TellRunEnd(Status),
    /// Tell the page that the turn failed, in these words, with this code.
    TellError(String, String),
    /// Tell the page that the assistant waits for an answer.
    TellQuestion,
    /// This page is refused: take the widget away.
    Refuse,
}
