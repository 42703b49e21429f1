//! What a client was told, and whether what the server has kept agrees with it. Pure.

use std::fmt;

#[cfg(test)]
mod tests;

/// A message as the server tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub role: String,
    /// Its text.
    pub content: String,
    /// Its state, where the dialect tells it.
    pub status: Option<String>,
}

/// A question and what became of it, as far as its client knows.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The client's own id for it.
    pub client_id: String,
    /// Its text, which no other question has.
    pub text: String,
    /// Its id, once it was acknowledged.
    pub message_id: Option<String>,
    /// The whole answer was seen to its end.
    pub is_answered: bool,
    /// How many bytes of the answer were seen long enough ago that they must have been kept.
    pub seen_bytes: usize,
    /// How often its turn was asked for: sent, and tried again.
    pub turns: u64,
}

/// A broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Promise {
    /// What was acknowledged is kept.
    Kept,
    /// Once.
    Once,
    /// In order.
    Ordered,
    /// No turn is left running.
    Ended,
    /// Texts are as they were written.
    Intact,
    /// Numbers only rise.
    Rising,
    /// The model is asked once for each turn.
    AskedOnce,
    /// Requests are answered as they should be.
    Answered,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "acknowledged messages lost",
            Self::Once => "messages doubled",
            Self::Ordered => "messages out of order",
            Self::Ended => "turns stuck",
            Self::Intact => "texts altered or cut too far",
            Self::Rising => "event numbers that fell",
            Self::AskedOnce => "model calls too many",
            Self::Answered => "answers that were wrong",
        })
    }
}

/// One broken promise, and how.
pub type Breach = (Promise, String);

/// Compares what is kept after a crash with what was asked. `answer_to` tells the whole answer to a question.
pub fn judge(asked: &[Asked], kept: &[Kept], answer_to: impl Fn(&str) -> String) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut say = |promise, what: String| breaches.push((promise, what));
    let mut before = None;
    for question in asked {
        let places: Vec<usize> = (0..kept.len())
            .filter(|&at| kept[at].role == "user" && kept[at].content == question.text)
            .collect();
        let at = match places.as_slice() {
            [] if question.message_id.is_some() => {
                say(Promise::Kept, format!("{} was acknowledged and is gone", question.text));
                continue;
            }
            [] => continue,
            [at] => *at,
            _ => {
                say(
                    Promise::Once,
                    format!("{} is there {} times", question.text, places.len()),
                );
                continue;
            }
        };
        if question.message_id.as_ref().is_some_and(|id| *id != kept[at].id) {
            say(
                Promise::Kept,
                format!("{} has another id than it was told", question.text),
            );
        }
        if before.is_some_and(|before| before > at) {
            say(
                Promise::Ordered,
                format!("{} stands before an earlier one", question.text),
            );
        }
        before = Some(at);
        judge_answer(question, kept.get(at + 1), &answer_to(&question.text), &mut say);
    }
    let is_known = |message: &Kept| asked.iter().any(|question| question.text == message.content);
    let answers = kept.iter().filter(|message| message.role == "assistant").count();
    let questions = kept.len() - answers;
    if answers != questions {
        say(Promise::Once, format!("{answers} answers to {questions} questions"));
    }
    for message in kept.iter().filter(|message| message.role == "user") {
        if !is_known(message) {
            say(Promise::Once, format!("nobody asked {}", message.content));
        }
    }
    breaches
}

fn judge_answer(question: &Asked, answer: Option<&Kept>, whole: &str, say: &mut impl FnMut(Promise, String)) {
    let Some(answer) = answer.filter(|message| message.role == "assistant") else {
        say(Promise::Ordered, format!("no answer stands after {}", question.text));
        return;
    };
    if !whole.starts_with(&answer.content) {
        let text = format!("the answer to {} is {:?}", question.text, answer.content);
        say(Promise::Intact, text);
    } else if question.is_answered && answer.content != whole {
        let text = format!("the answer to {} was whole and is cut", question.text);
        say(Promise::Intact, text);
    } else if answer.content.len() < question.seen_bytes {
        let (kept, seen) = (answer.content.len(), question.seen_bytes);
        let text = format!(
            "{kept} of {seen} bytes that were seen of the answer to {}",
            question.text
        );
        say(Promise::Intact, text);
    }
    match answer.status.as_deref() {
        Some("running") => say(Promise::Ended, format!("the answer to {} is running", question.text)),
        Some("completed") if answer.content != whole => {
            let text = format!("the answer to {} is called complete and is cut", question.text);
            say(Promise::Intact, text);
        }
        _ => {}
    }
}
