//! A visitor who talks for as long as there is a server, over server-sent events, and goes on when it is back. Now and
//! then they send twice, lose their stream in the middle, stop an answer, try one again, or begin another conversation.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::findings::{Findings, Gone};
use super::ledger::{Asked, Kept, Promise, judge};
use super::model::{Model, answer_to};
use super::server::{AGENT, ORIGIN};
use crate::fold::Shown;
use crate::fuzz::random::Random;
use crate::sse::EventReader;

/// What was seen so long before a kill is on the disk: it is written every second, and a loaded machine is late.
const KEPT_WITHIN: Duration = Duration::from_millis(2_500);
/// After so many questions another conversation begins: a page of its history holds all of it.
const MOST_QUESTIONS: usize = 40;

/// One visitor.
pub struct Visitor {
    number: usize,
    count: usize,
    random: Random,
    client: Client,
    url: String,
    findings: Arc<Findings>,
    model: Model,
    current: Conversation,
    earlier: Vec<Conversation>,
}

#[derive(Default)]
struct Conversation {
    session_id: String,
    token: String,
    resume: String,
    asked: Vec<Asked>,
    shown: Shown,
    /// When how many bytes of the running answer were seen.
    seen: Vec<(Instant, usize)>,
    reader: Option<EventReader>,
}

impl Visitor {
    /// Who has not been there yet.
    pub fn new(number: usize, seed: u64, findings: Arc<Findings>, model: Model) -> Self {
        Self {
            number,
            count: 0,
            random: Random::new(seed),
            client: Client::new(),
            url: String::new(),
            findings,
            model,
            current: Conversation::default(),
            earlier: Vec::new(),
        }
    }

    /// Finds a server at an address, and compares what it has kept with what it had told.
    ///
    /// # Errors
    /// It goes away meanwhile.
    pub async fn arrive(&mut self, url: &str) -> Result<(), Gone> {
        url.clone_into(&mut self.url);
        self.current.reader = None;
        self.enter_current().await?;
        if !self.earlier.is_empty() {
            let at = self.random.below(self.earlier.len());
            let mut earlier = self.earlier.swap_remove(at);
            let entered = self.enter(&mut earlier).await;
            self.earlier.push(earlier);
            entered?;
        }
        Ok(())
    }

    /// Compares every conversation that there ever was.
    ///
    /// # Errors
    /// The server goes away meanwhile.
    pub async fn compare_all(&mut self) -> Result<(), Gone> {
        self.enter_current().await?;
        for mut earlier in std::mem::take(&mut self.earlier) {
            self.enter(&mut earlier).await?;
        }
        Ok(())
    }

    async fn enter_current(&mut self) -> Result<(), Gone> {
        let mut current = std::mem::take(&mut self.current);
        let entered = self.enter(&mut current).await;
        self.current = current;
        entered
    }

    /// Goes on with a conversation, or begins it.
    async fn enter(&self, conversation: &mut Conversation) -> Result<(), Gone> {
        let is_new = conversation.resume.is_empty();
        let body = if is_new {
            json!({})
        } else {
            json!({ "resume": conversation.resume })
        };
        let request = self.request(conversation, Method::POST, "/sessions").json(&body);
        let Some(started) = self.answered(request, StatusCode::CREATED).await? else {
            return Ok(());
        };
        let text = |name: &str| started[name].as_str().unwrap_or_default().to_owned();
        if is_new {
            (conversation.session_id, conversation.resume) = (text("session_id"), text("resume"));
        } else if text("session_id") != conversation.session_id {
            let what = format!("session {} was not found again", conversation.session_id);
            self.findings.say(Promise::Kept, what);
        }
        conversation.token = text("token");
        if started["run"]["status"] == "running" {
            self.findings.say(
                Promise::Ended,
                format!("a turn of {} is running", conversation.session_id),
            );
        }
        let last_seq = started["last_seq"].as_u64().unwrap_or_default();
        if last_seq < conversation.shown.last_seq {
            let what = format!("last_seq is {last_seq} after {}", conversation.shown.last_seq);
            self.findings.say(Promise::Rising, what);
        }
        self.compare(conversation).await
    }

    async fn compare(&self, conversation: &mut Conversation) -> Result<(), Gone> {
        let path = format!("/sessions/{}/messages?limit=200", conversation.session_id);
        let request = self.request(conversation, Method::GET, &path);
        let Some(history) = self.answered(request, StatusCode::OK).await? else {
            return Ok(());
        };
        let kept: Vec<Kept> = history["messages"].as_array().into_iter().flatten().map(kept).collect();
        let seen = conversation.seen.iter().rev();
        let must_be_kept = seen
            .filter(|(at, _)| self.findings.must_be_kept(*at, KEPT_WITHIN))
            .map(|(_, bytes)| *bytes)
            .next();
        if let (Some(bytes), Some(last)) = (must_be_kept, conversation.asked.last_mut()) {
            last.seen_bytes = bytes;
        }
        self.findings.report(judge(&conversation.asked, &kept, answer_to));
        self.findings.judge_calls(&conversation.asked, &self.model);
        self.findings.compared.add();
        conversation.seen.clear();
        let Some(last) = kept.last() else { return Ok(()) };
        if last.status.as_deref() == Some("interrupted") && conversation.is_running() {
            self.findings.interrupted.add();
        }
        let question = kept.len().checked_sub(2).map(|at| &kept[at].content);
        let asked = conversation.asked.last_mut();
        // The latest question may not have arrived at all.
        if let Some(asked) = asked.filter(|asked| Some(&asked.text) == question) {
            asked.is_answered |= last.status.as_deref() == Some("completed");
        }
        // What the history says is from now on what this page knows.
        if let Some(run) = &mut conversation.shown.run {
            last.status.as_deref().unwrap_or_default().clone_into(&mut run.1);
        }
        Ok(())
    }

    /// Sends or tries something, and reads what comes of it.
    ///
    /// # Errors
    /// The server goes away meanwhile.
    pub async fn talk(&mut self) -> Result<(), Gone> {
        let pending = self.current.asked.last().is_some_and(|last| last.message_id.is_none());
        let cut = self.current.asked.last().is_some_and(|last| !last.is_answered);
        if pending {
            self.findings.repeated.add();
        } else if cut && !self.random.once_in(3) {
            return self.retry().await;
        } else {
            if self.current.asked.len() >= MOST_QUESTIONS {
                let finished = std::mem::take(&mut self.current);
                self.earlier.push(finished);
                self.enter_current().await?;
            }
            self.count += 1;
            self.current.seen.clear();
            self.current.asked.push(Asked {
                client_id: format!("c{}", self.count),
                text: format!("visitor {} asks {}", self.number, self.count),
                turns: 1,
                ..Asked::default()
            });
        }
        self.send().await
    }

    async fn send(&mut self) -> Result<(), Gone> {
        let Some(asked) = self.current.asked.last() else {
            return Ok(());
        };
        let body = json!({ "client_id": asked.client_id, "content": asked.text });
        self.open().await?;
        let sends_twice = self.random.once_in(6);
        let request = || {
            let path = format!("/sessions/{}/messages", self.current.session_id);
            self.request(&self.current, Method::POST, &path).json(&body)
        };
        let (first, second) = if sends_twice {
            let both = tokio::join!(
                self.answered(request(), StatusCode::ACCEPTED),
                self.answered(request(), StatusCode::ACCEPTED)
            );
            (both.0?, both.1?)
        } else {
            (self.answered(request(), StatusCode::ACCEPTED).await?, None)
        };
        let Some(accepted) = first else { return Ok(()) };
        if second.is_some_and(|second| second != accepted) {
            self.findings.say(Promise::Once, "the same message was told two ids");
        }
        let id = accepted["message_id"].as_str().map(str::to_owned);
        if let Some(asked) = self.current.asked.last_mut() {
            asked.message_id = id;
        }
        self.findings.acknowledged.add();
        self.follow(&accepted).await.map(drop)
    }

    async fn retry(&mut self) -> Result<(), Gone> {
        self.open().await?;
        let Some(asked) = self.current.asked.last_mut() else {
            return Ok(());
        };
        asked.turns += 1;
        asked.seen_bytes = 0;
        self.current.seen.clear();
        let path = format!("/sessions/{}/retry", self.current.session_id);
        let request = self.request(&self.current, Method::POST, &path);
        let Some(accepted) = self.answered(request, StatusCode::ACCEPTED).await? else {
            return Ok(());
        };
        if self.follow(&accepted).await? {
            self.findings.retried.add();
        }
        Ok(())
    }

    /// Reads until the run is over; tells whether its answer is whole.
    async fn follow(&mut self, accepted: &Value) -> Result<bool, Gone> {
        let run_id = accepted["run_id"].as_str().unwrap_or_default().to_owned();
        let is_of_run = |shown: &Shown| shown.run.as_ref().is_some_and(|(id, _)| *id == run_id);
        while !(is_of_run(&self.current.shown) && self.current.shown.is_over()) {
            self.open().await?;
            let event = match &mut self.current.reader {
                Some(reader) => reader.next().await,
                None => None,
            };
            let Some(event) = event else {
                self.current.reader = None;
                continue;
            };
            self.current.shown.take_in(&event);
            let faults = std::mem::take(&mut self.current.shown.faults);
            self.findings
                .report(faults.into_iter().map(|fault| (Promise::Rising, fault)));
            if let Some(bytes) = self.current.answer_bytes().filter(|_| is_of_run(&self.current.shown)) {
                self.current.seen.push((Instant::now(), bytes));
            }
            if self.random.once_in(60) {
                self.current.reader = None;
            } else if self.random.once_in(200) {
                let path = format!("/sessions/{}/stop", self.current.session_id);
                let request = self.request(&self.current, Method::POST, &path);
                self.answered(request, StatusCode::ACCEPTED).await?;
                self.findings.stopped.add();
            }
        }
        Ok(self.conclude())
    }

    fn conclude(&mut self) -> bool {
        let status = self.current.shown.run.as_ref().map(|(_, status)| status.as_str());
        let is_whole = status == Some("completed");
        let (Some(asked), Some(answer)) = (self.current.asked.last_mut(), self.current.shown.last()) else {
            return false;
        };
        asked.is_answered = is_whole;
        if is_whole {
            self.findings.answered.add();
            if answer.content != answer_to(&asked.text) {
                let what = format!("the answer to {} was shown as {:?}", asked.text, answer.content);
                self.findings.say(Promise::Intact, what);
            }
        } else if status == Some("error") {
            self.findings
                .say(Promise::Answered, format!("the turn of {} failed", asked.text));
        }
        is_whole
    }

    /// The stream after what was seen last, if none is open.
    async fn open(&mut self) -> Result<(), Gone> {
        if self.current.reader.is_some() {
            return Ok(());
        }
        let path = format!(
            "/sessions/{}/events?after={}",
            self.current.session_id, self.current.shown.last_seq
        );
        let answer = self.request(&self.current, Method::GET, &path).send().await?;
        if answer.status() != StatusCode::OK {
            self.findings
                .say(Promise::Answered, format!("the stream: {}", answer.status()));
            return Err(Gone);
        }
        self.findings.resumed.add();
        self.current.reader = Some(EventReader::new(answer));
        Ok(())
    }

    fn request(&self, conversation: &Conversation, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/public/v1/agents/{AGENT}{path}", self.url);
        let request = self.client.request(method, url).header("origin", ORIGIN);
        if conversation.token.is_empty() {
            request
        } else {
            request.bearer_auth(&conversation.token)
        }
    }

    /// The JSON of an answer, or none where it is not the one that must come.
    async fn answered(&self, request: RequestBuilder, wanted: StatusCode) -> Result<Option<Value>, Gone> {
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if status == wanted {
            return Ok(serde_json::from_str(&text).ok());
        }
        self.findings.say(Promise::Answered, format!("{status} {text}"));
        Ok(None)
    }
}

impl Conversation {
    fn is_running(&self) -> bool {
        self.shown.run.as_ref().is_some_and(|(_, status)| status == "running")
    }

    /// How much of the running answer is shown.
    fn answer_bytes(&self) -> Option<usize> {
        let last = self.shown.last().filter(|message| message.role == "assistant")?;
        Some(last.content.len())
    }
}

fn kept(message: &Value) -> Kept {
    let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
    Kept {
        id: text("id"),
        role: text("role"),
        content: text("content"),
        status: Some(text("status")),
    }
}
