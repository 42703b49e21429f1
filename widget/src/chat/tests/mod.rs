//! The rules, event by event: what is shown and what is done.

mod asking;
mod line;
mod outbox;
mod rating;
mod routes;
mod sending;

use atthene_protocol::event::{Role, Status};

use super::update::update;
use super::*;

const START: f64 = 1_000_000.0;

/// A chat with a clock of its own.
struct Stage {
    chat: Chat,
    now_ms: f64,
}

impl Stage {
    fn new() -> Self {
        Self {
            chat: Chat::default(),
            now_ms: START,
        }
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        update(
            &mut self.chat,
            event,
            Moment {
                now_ms: self.now_ms,
                random: 0.5,
            },
        )
    }

    fn wait(&mut self, ms: f64) -> Vec<Effect> {
        self.now_ms += ms;
        self.take(Event::Woke)
    }

    fn write(&mut self, client_id: &str, content: &str) -> Vec<Effect> {
        self.take(Event::Written {
            client_id: client_id.into(),
            content: content.into(),
            answers: String::new(),
            at_ms: START,
        })
    }

    /// Open, with a session and a live socket.
    fn live() -> Self {
        let mut stage = Self::new();
        stage.take(Event::Opened(true));
        stage.take(Event::Started(session("ses_1", Vec::new())));
        stage.take(Event::Listening);
        stage.take(Event::Heard);
        stage
    }

    /// Open, with a session, and sockets are blocked.
    fn without_sockets() -> Self {
        let mut stage = Self::new();
        stage.take(Event::Opened(true));
        stage.take(Event::Started(session("ses_1", Vec::new())));
        for _ in 0..2 {
            stage.take(Event::Ended(1006, 0.0));
            stage.take(Event::Probed(true));
        }
        stage
    }

    fn posted(&mut self, client_id: &str, run_id: &str) -> Vec<Effect> {
        self.take(Event::Posted {
            client_id: client_id.into(),
            message_id: format!("msg_{client_id}"),
            run_id: run_id.into(),
        })
    }

    /// With a question asked and the answer begun.
    fn answering() -> Self {
        let mut stage = Self::live();
        stage.write("a", "Hello?");
        stage.posted("a", "run_1");
        stage.take(Event::AnswerBegan("msg_9".into()));
        stage.take(Event::AnswerGrew("msg_9".into(), "Good".into()));
        stage
    }
}

fn session(id: &str, messages: Vec<MessageSeen>) -> SessionStarted {
    SessionStarted {
        session_id: id.into(),
        messages,
        run_id: String::new(),
        question: None,
        last_seq: 7,
        token_ends_ms: START + 900_000.0,
    }
}

fn answer(status: Status, content: &str) -> MessageSeen {
    MessageSeen {
        id: "msg_9".into(),
        client_id: String::new(),
        run_id: "run_1".into(),
        role: Role::Assistant,
        content: content.into(),
        status,
        at_ms: START,
        rating: None,
    }
}

fn calls(effects: &[Effect]) -> Vec<Call> {
    effects
        .iter()
        .filter_map(|e| {
            if let Effect::Call(call) = e {
                Some(call.clone())
            } else {
                None
            }
        })
        .collect()
}

fn post(client_id: &str, content: &str) -> Call {
    answer_to("", client_id, content)
}

fn answer_to(question: &str, client_id: &str, content: &str) -> Call {
    Call::Post {
        client_id: client_id.into(),
        content: content.into(),
        answers: question.into(),
    }
}

/// The line that is opened first, after the last number.
const SOCKET: Call = Call::Listen(Route::Socket, 7);
const STREAM: Call = Call::Listen(Route::Stream, 7);
const POLL: Call = Call::Listen(Route::Poll, 7);

fn question() -> Question {
    Question {
        id: "int_1".into(),
        message: "Which size?".into(),
        choices: vec!["Small".into(), "Large".into()],
    }
}
