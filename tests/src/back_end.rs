//! A back end with an API key: sends what customers' servers send, over real sockets.

use std::time::Duration;

use atthene_server::model::key::ApiKey;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// One back end.
pub struct BackEnd {
    client: Client,
    url: String,
    /// Its secret.
    pub secret: String,
    /// Its key.
    pub key: ApiKey,
}

impl BackEnd {
    /// With a key.
    pub fn new(url: &str, secret: String, key: ApiKey) -> Self {
        Self {
            client: Client::new(),
            url: url.to_owned(),
            secret,
            key,
        }
    }

    /// The same back end, calling another listener.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self {
            client: self.client.clone(),
            url: url.to_owned(),
            secret: self.secret.clone(),
            key: self.key.clone(),
        }
    }

    /// A request with its key.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .header("x-api-key", &self.secret)
    }

    /// Waits until the server knows the key.
    pub async fn until_known(&self) {
        for _ in 0..200 {
            let answer = self.request(Method::GET, "/v1/models").send().await.unwrap();
            if answer.status() != StatusCode::UNAUTHORIZED {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server did not learn of a key within 4 s");
    }

    /// Asks and gives status and JSON.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        told(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// Sends JSON and gives status and JSON.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        told(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// Deletes and gives status and JSON.
    pub async fn delete(&self, path: &str) -> (StatusCode, Value) {
        told(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// A new session of an agent.
    pub async fn session(&self, agent_key: &str) -> String {
        let (status, body) = self
            .post("/api/v1/sessions/from-agent/", &json!({ "agent_key": agent_key }))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["session_id"].as_str().unwrap().to_owned()
    }

    /// Runs a message.
    pub async fn execute(&self, session: &str, content: &str) -> (StatusCode, Value) {
        let body = json!({ "content": content });
        self.post(&format!("/api/v1/runtime/{session}/execute"), &body).await
    }
}

/// Status and JSON of an answer; null where there is no body.
pub async fn told(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    (status, body)
}
