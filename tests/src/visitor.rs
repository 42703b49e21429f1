//! A visitor in a page: sends what the widget sends, over real sockets.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::sse::EventReader;

/// One visitor of one agent on one origin.
pub struct TestVisitor {
    client: Client,
    base: String,
    origin: String,
    /// The session, once started.
    pub session_id: String,
    /// The access token.
    pub token: String,
    /// The resume secret.
    pub resume: String,
    /// What `POST /sessions` answered.
    pub started: Value,
}

impl TestVisitor {
    /// Not started yet.
    pub fn new(url: &str, agent_key: &str, origin: &str) -> Self {
        Self {
            client: Client::new(),
            base: format!("{url}/public/v1/agents/{agent_key}"),
            origin: origin.to_owned(),
            session_id: String::new(),
            token: String::new(),
            resume: String::new(),
            started: Value::Null,
        }
    }

    /// A request below the agent's path, with Origin and token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("origin", &self.origin);
        if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        }
    }

    /// A request below the session's path.
    pub fn session_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, &format!("/sessions/{}{path}", self.session_id))
    }

    /// Starts, or goes on with the resume secret it has.
    pub async fn start(mut self) -> Self {
        let mut body = json!({});
        if !self.resume.is_empty() {
            body["resume"] = json!(self.resume);
        }
        let answer = self
            .request(Method::POST, "/sessions")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let started: Value = answer.json().await.unwrap();
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        (self.session_id, self.token, self.resume) = (text("session_id"), text("token"), text("resume"));
        self.started = started;
        self
    }

    /// Sends a message.
    pub async fn send(&self, client_id: &str, content: &str) -> Response {
        let body = json!({ "client_id": client_id, "content": content });
        self.session_request(Method::POST, "/messages")
            .json(&body)
            .send()
            .await
            .unwrap()
    }

    /// Follows the events after a number.
    pub async fn events(&self, after: u64) -> EventReader {
        let answer = self
            .session_request(Method::GET, &format!("/events?after={after}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        EventReader::new(answer)
    }

    /// The whole history.
    pub async fn history(&self) -> Vec<Value> {
        let answer = self
            .session_request(Method::GET, "/messages?limit=200")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let mut history: Value = answer.json().await.unwrap();
        history["messages"].take().as_array().unwrap().clone()
    }
}
