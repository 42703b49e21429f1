//! The state of one conversation as the screen shows it; no rule of how it changes (see `update`).

use atthene_protocol::event::{Role, Status};
use atthene_protocol::visitor::Rating;

/// What became of a message that this visitor wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Kept here until it can be sent.
    Waiting,
    /// On its way.
    Sending,
    /// The server has it.
    Delivered,
    /// The server will not take it, now or later.
    Refused,
}

/// What the assistant does besides writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deed {
    /// Its public label; empty if there is none.
    pub label: String,
    /// Whether it is done.
    pub is_done: bool,
}

/// A question of the assistant's on which a turn waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What an answer names.
    pub id: String,
    /// The question.
    pub message: String,
    /// Answers to choose from; any other text is an answer as well.
    pub choices: Vec<String>,
}

/// One message on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The server's id; empty until it is known.
    pub id: String,
    /// The visitor's own id for it; empty for answers.
    pub client_id: String,
    /// The question that it was sent as the answer of; empty for any other message.
    pub answers: String,
    /// The turn it belongs to; empty until it is known.
    pub run_id: String,
    /// Who wrote it.
    pub role: Role,
    /// Markdown from the assistant, plain text from the visitor.
    pub content: String,
    /// Where the turn stands.
    pub status: Status,
    /// Where the visitor's message stands.
    pub delivery: Delivery,
    /// When it was written, Unix time.
    pub at_ms: f64,
    /// Why the turn failed, in words for the visitor.
    pub problem: String,
    /// What was done for it.
    pub deed: Deed,
    /// What the visitor thinks of it.
    pub rating: Option<Rating>,
    /// Whether the page has been told of it as a complete message.
    pub is_told: bool,
}

impl Message {
    /// With nothing in it yet.
    pub(super) fn new(role: Role, status: Status, delivery: Delivery, at_ms: f64) -> Self {
        Self {
            id: String::new(),
            client_id: String::new(),
            answers: String::new(),
            run_id: String::new(),
            role,
            content: String::new(),
            status,
            delivery,
            at_ms,
            problem: String::new(),
            deed: Deed::default(),
            rating: None,
            is_told: false,
        }
    }

    /// Whether it has not reached the server yet.
    pub fn is_pending(&self) -> bool {
        self.role == Role::User && matches!(self.delivery, Delivery::Waiting | Delivery::Sending)
    }

    /// Whether its turn can be run again.
    pub fn is_retryable(&self) -> bool {
        self.role == Role::Assistant && !matches!(self.status, Status::Running | Status::Completed)
    }
}

/// The way on which events come. What worked is kept for as long as the page lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// A socket: the first choice.
    Socket,
    /// A stream of events, where sockets are blocked.
    Stream,
    /// Asking again and again, where somebody on the way holds streams back.
    Poll,
}

/// Where the line to the server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Link {
    /// Nothing is open.
    Down,
    /// Asking whether the server can be reached at all.
    Probing,
    /// The session is being started or gone on with.
    Starting,
    /// A new token is being asked for.
    Renewing,
    /// The events are being asked for.
    Connecting,
    /// Events come in.
    Live,
}

/// The one line above the composer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Nothing to say.
    None,
    /// The browser says that there is no network.
    Offline,
    /// The server has never answered.
    Unreachable,
    /// The line was there a moment ago.
    Reconnecting,
    /// The server has answered before, and does not now.
    Lost,
    /// Too many messages: wait so many seconds.
    Pause(u32),
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct Chat {
    /// Oldest first; what is not delivered yet stands last.
    pub messages: Vec<Message>,
    /// The server's id of the conversation; empty before it is started.
    pub session_id: String,
    /// The last number seen in the stream.
    pub last_seq: u64,
    /// The turn that is running; empty if none is.
    pub run_id: String,
    /// What is done in the running turn before its answer begins.
    pub deed: Deed,
    /// Whether the visitor has asked for the running turn to stop.
    pub is_stopping: bool,
    /// What the assistant waits for an answer to.
    pub question: Option<Question>,
    /// The line to the server.
    pub link: Link,
    /// What kind of line it is.
    pub route: Route,
    /// Whether the panel is open.
    pub is_open: bool,
    /// Whether the page is shown (not in the back/forward cache).
    pub is_shown: bool,
    /// Whether nobody looks at the page (another tab, another window).
    pub is_hidden: bool,
    /// Whether the browser believes that it has a network.
    pub is_online: bool,
    /// Whether the server has refused this page; nothing is done any more.
    pub is_refused: bool,
    /// The turn that ended last, so that a late answer to its message does not start it again.
    pub(crate) ended_run_id: String,
    /// Whether the token has to be renewed before anything else.
    pub(crate) is_token_stale: bool,
    /// When the token should be renewed.
    pub(crate) renew_at_ms: f64,
    /// Failed attempts in a row.
    pub(crate) attempt: u32,
    /// Probes in a row that were answered while the real request was not.
    pub(crate) answered_probes: u32,
    /// When the line may be tried again.
    pub(crate) retry_at_ms: f64,
    /// When the next message may be sent.
    pub(crate) post_at_ms: f64,
    /// Whether `post_at_ms` is a pause that the server asked for.
    pub(crate) is_paused: bool,
    /// Whether anything has ever been heard on this kind of line.
    pub(crate) is_proven: bool,
    /// Whether anything has been heard on the open line.
    pub(crate) is_heard: bool,
    /// Whether the other end was asked for a sign of life.
    pub(crate) is_pinged: bool,
    /// Since when the open line is silent.
    pub(crate) quiet_since_ms: f64,
    /// Since when there is no line although one is wanted; 0 while there is one.
    pub(crate) down_since_ms: f64,
    /// The clock as of the last event.
    pub(crate) now_ms: f64,
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            messages: Vec::new(),
            session_id: String::new(),
            last_seq: 0,
            run_id: String::new(),
            deed: Deed::default(),
            is_stopping: false,
            question: None,
            link: Link::Down,
            route: Route::Socket,
            is_open: false,
            is_shown: true,
            is_hidden: false,
            is_online: true,
            is_refused: false,
            ended_run_id: String::new(),
            is_token_stale: false,
            renew_at_ms: 0.0,
            attempt: 0,
            answered_probes: 0,
            retry_at_ms: 0.0,
            post_at_ms: 0.0,
            is_paused: false,
            is_proven: false,
            is_heard: false,
            is_pinged: false,
            quiet_since_ms: 0.0,
            down_since_ms: 0.0,
            now_ms: 0.0,
        }
    }
}

/// A stream that is silent for so long is dead: the server comments every 15 seconds.
const SILENCE_MS: f64 = 45_000.0;
/// A socket that is silent for so long is asked for a sign of life: the server's own pings stay with the browser.
pub(super) const PING_MS: f64 = 25_000.0;
/// A sign of life takes so long at most.
const PONG_MS: f64 = 10_000.0;
/// A request that the line waits for is answered within so long, or given up.
const ANSWER_MS: f64 = 20_000.0;
/// What has been said at the other end is heard here after so long at most, or somebody holds it back.
const FIRST_MS: f64 = 4_000.0;
/// A line that is back before this was never away for the visitor.
const CALM_MS: f64 = 700.0;

impl Chat {
    /// The message at a place.
    #[inline(never)]
    pub fn message(&self, at: usize) -> &Message {
        &self.messages[at]
    }

    /// Whether a turn is running.
    pub fn is_running(&self) -> bool {
        !self.run_id.is_empty()
    }

    /// Whether an answer is awaited of which nothing can be read yet.
    pub fn is_typing(&self) -> bool {
        self.is_running()
            && self
                .messages
                .iter()
                .rev()
                .find(|m| !m.is_pending())
                .is_none_or(|m| m.role == Role::User || m.content.is_empty())
    }

    /// Whether the last turn can be run again.
    pub fn can_retry(&self) -> bool {
        !self.is_running() && self.messages.last().is_some_and(Message::is_retryable)
    }

    /// Answers to choose from, until one is given.
    pub fn choices(&self) -> &[String] {
        match &self.question {
            Some(question) if !self.messages.iter().any(Message::is_pending) => &question.choices,
            _ => &[],
        }
    }

    /// Whether nobody can answer now.
    pub fn is_away(&self) -> bool {
        // A known server that does not answer is restarting, most of the time.
        let patience = if self.session_id.is_empty() { 1 } else { 3 };
        !self.is_online || self.attempt > patience
    }

    /// When the visitor is told that the line is being sought; `None` while there is one.
    fn told_down_at_ms(&self) -> Option<f64> {
        (self.is_proven && self.down_since_ms > 0.0).then_some(self.down_since_ms + CALM_MS)
    }

    /// What the line above the composer says.
    pub fn notice(&self) -> Notice {
        let wait_ms = self.post_at_ms - self.now_ms;
        if !self.is_online {
            Notice::Offline
        } else if self.is_away() {
            if self.session_id.is_empty() {
                Notice::Unreachable
            } else {
                Notice::Lost
            }
        } else if self.is_paused && wait_ms > 0.0 {
            Notice::Pause((wait_ms / 1000.0) as u32 + 1)
        } else if self.told_down_at_ms().is_some_and(|at_ms| self.now_ms >= at_ms) {
            Notice::Reconnecting
        } else {
            Notice::None
        }
    }

    /// Whether anything needs the line to the server now.
    pub(crate) fn wants_line(&self) -> bool {
        self.is_shown
            && !self.is_refused
            && (self.is_open || self.is_running() || self.messages.iter().any(Message::is_pending))
    }

    /// When the silence of the line, or of the way to it, means something.
    pub(crate) fn silent_at_ms(&self) -> f64 {
        self.quiet_since_ms
            + match (self.route, self.is_heard) {
                _ if self.link < Link::Connecting => ANSWER_MS,
                (Route::Socket, true) if self.is_pinged => PONG_MS,
                (Route::Socket, true) => PING_MS,
                (Route::Socket, false) => FIRST_MS,
                // A turn says at once that it began.
                (Route::Stream, false) if self.is_running() && !self.is_proven => FIRST_MS,
                _ => SILENCE_MS,
            }
    }

    /// When the rules want to be asked again, if nothing happens before.
    pub fn wake_at_ms(&self) -> Option<f64> {
        if !self.wants_line() {
            return None;
        }
        let mut at_ms = f64::INFINITY;
        let deadlines = [
            (self.link == Link::Down, self.retry_at_ms),
            (self.link != Link::Down, self.silent_at_ms()),
            (self.link == Link::Live && self.renew_at_ms > 0.0, self.renew_at_ms),
            (self.is_paused, self.post_at_ms.min(self.now_ms + 1000.0)),
            (self.messages.iter().any(Message::is_pending), self.post_at_ms),
            (true, self.told_down_at_ms().unwrap_or_default()),
        ];
        for (counts, deadline_ms) in deadlines {
            if counts && deadline_ms > self.now_ms && deadline_ms < at_ms {
                at_ms = deadline_ms;
            }
        }
        (at_ms < f64::INFINITY).then_some(at_ms)
    }
}
