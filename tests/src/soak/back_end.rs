//! A back end that runs one message after the other with its key, and sends a request again under the same
//! `Idempotency-Key` when it does not know what became of it.

use std::sync::Arc;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::findings::{Findings, Gone};
use super::ledger::{Asked, Kept, Promise, judge};
use super::model::{Model, answer_to};
use super::server::AGENT;
use crate::fuzz::random::Random;

/// After so many questions another session begins: a page of its history holds all of it.
const MOST_QUESTIONS: usize = 40;

/// One back end.
pub struct BackEnd {
    number: usize,
    count: usize,
    random: Random,
    client: Client,
    url: String,
    secret: String,
    findings: Arc<Findings>,
    model: Model,
    current: Session,
    earlier: Vec<Session>,
}

#[derive(Default)]
struct Session {
    id: String,
    asked: Vec<Asked>,
    /// Whether the latest answer was left unfinished by a crash.
    is_cut: bool,
}

impl BackEnd {
    /// With a key.
    pub fn new(number: usize, seed: u64, secret: &str, findings: Arc<Findings>, model: Model) -> Self {
        Self {
            number,
            count: 0,
            random: Random::new(seed),
            client: Client::new(),
            url: String::new(),
            secret: secret.to_owned(),
            findings,
            model,
            current: Session::default(),
            earlier: Vec::new(),
        }
    }

    /// Finds a server at an address, and compares what it has kept with what it had told.
    ///
    /// # Errors
    /// It goes away meanwhile.
    pub async fn arrive(&mut self, url: &str) -> Result<(), Gone> {
        url.clone_into(&mut self.url);
        self.begin().await?;
        let mut current = std::mem::take(&mut self.current);
        let compared = self.compare(&mut current).await;
        self.current = current;
        compared
    }

    /// Compares every session that there ever was.
    ///
    /// # Errors
    /// The server goes away meanwhile.
    pub async fn compare_all(&mut self) -> Result<(), Gone> {
        let current = std::mem::take(&mut self.current);
        for mut session in std::mem::take(&mut self.earlier).into_iter().chain([current]) {
            self.compare(&mut session).await?;
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), Gone> {
        if !self.current.id.is_empty() {
            return Ok(());
        }
        let request = self.request(Method::POST, "/sessions/from-agent/");
        let request = request.json(&json!({ "agent_key": AGENT }));
        if let Some(session) = self.answered(request, StatusCode::CREATED).await? {
            session["session_id"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut self.current.id);
        }
        Ok(())
    }

    async fn compare(&self, session: &mut Session) -> Result<(), Gone> {
        let request = self.request(Method::GET, &format!("/runtime/{}/status/", session.id));
        let Some(status) = self.answered(request, StatusCode::OK).await? else {
            return Ok(());
        };
        if status["status"] == "processing" {
            self.findings
                .say(Promise::Ended, format!("a turn of {} is running", session.id));
        }
        let path = format!("/runtime/{}/messages/?limit=200", session.id);
        let Some(history) = self.answered(self.request(Method::GET, &path), StatusCode::OK).await? else {
            return Ok(());
        };
        let kept: Vec<Kept> = history["messages"].as_array().into_iter().flatten().map(kept).collect();
        self.findings.report(judge(&session.asked, &kept, answer_to));
        self.findings.judge_calls(&session.asked, &self.model);
        self.findings.compared.add();
        let is_cut = status["status"] == "error";
        if is_cut && !session.is_cut {
            self.findings.interrupted.add();
        }
        session.is_cut = is_cut;
        Ok(())
    }

    /// Runs something to its end.
    ///
    /// # Errors
    /// The server goes away meanwhile.
    pub async fn talk(&mut self) -> Result<(), Gone> {
        let is_pending = self.current.asked.last().is_some_and(|last| last.message_id.is_none());
        if is_pending {
            self.findings.repeated.add();
        } else if self.current.is_cut && !self.random.once_in(3) {
            return self.retry().await;
        } else {
            if self.current.asked.len() >= MOST_QUESTIONS {
                let finished = std::mem::take(&mut self.current);
                self.earlier.push(finished);
                self.begin().await?;
            }
            self.count += 1;
            let text = format!("back end {} asks {}", self.number, self.count);
            self.current.asked.push(Asked {
                client_id: text.replace(' ', "-"),
                text,
                turns: 1,
                ..Asked::default()
            });
        }
        let Some(asked) = self.current.asked.last() else {
            return Ok(());
        };
        let path = format!("/runtime/{}/execute/", self.current.id);
        let request = self
            .request(Method::POST, &path)
            .header("idempotency-key", &asked.client_id)
            .json(&json!({ "content": asked.text }));
        let answer = self.answered(request, StatusCode::OK).await?;
        // Its id is not told by this dialect: that it is there is what was acknowledged.
        let kept = self.id_of_last().await?;
        self.findings.acknowledged.add();
        if let Some(asked) = self.current.asked.last_mut() {
            asked.message_id = kept;
        }
        self.conclude(answer.as_ref());
        Ok(())
    }

    async fn retry(&mut self) -> Result<(), Gone> {
        if let Some(asked) = self.current.asked.last_mut() {
            asked.turns += 1;
        }
        let path = format!("/runtime/{}/retry/", self.current.id);
        let answer = self.answered(self.request(Method::POST, &path), StatusCode::OK).await?;
        if self.conclude(answer.as_ref()) {
            self.findings.retried.add();
        }
        Ok(())
    }

    fn conclude(&mut self, answer: Option<&Value>) -> bool {
        let (Some(answer), Some(asked)) = (answer, self.current.asked.last_mut()) else {
            return false;
        };
        let is_whole = answer["status"] == "completed";
        asked.is_answered = is_whole;
        self.current.is_cut = !is_whole;
        if is_whole {
            self.findings.answered.add();
            let content = answer["response"]["content"].as_str().unwrap_or_default();
            if content != answer_to(&asked.text) {
                let what = format!("the answer to {} was told as {content:?}", asked.text);
                self.findings.say(Promise::Intact, what);
            }
        }
        is_whole
    }

    async fn id_of_last(&self) -> Result<Option<String>, Gone> {
        let path = format!("/runtime/{}/messages/?limit=200", self.current.id);
        let history = self.answered(self.request(Method::GET, &path), StatusCode::OK).await?;
        let messages = history.unwrap_or_default();
        let mut kept = messages["messages"].as_array().into_iter().flatten().map(kept);
        let last = kept.rfind(|message| message.role == "user");
        Ok(last.map(|message| message.id))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/api/v1{path}", self.url);
        self.client.request(method, url).header("x-api-key", &self.secret)
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

fn kept(message: &Value) -> Kept {
    let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
    Kept {
        id: text("id"),
        role: text("role"),
        content: text("content"),
        status: None,
    }
}
