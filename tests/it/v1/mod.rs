//! The REST of back ends, over real sockets.

mod agents;
mod changes;
mod keys;
mod openapi;
mod origins;
mod runtime;
mod sessions;
mod traces;

use std::time::Duration;

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_server::domain::keys::{KeyDraft, mint};
use atthene_tests::TestApp;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// A back end with a key.
struct BackEnd {
    base: String,
    secret: String,
    key_id: String,
}

impl BackEnd {
    /// With a key of these scopes, that the server knows already.
    async fn new(app: &TestApp, scopes: &[&str]) -> Self {
        Self::bound(app, scopes, None, "default").await
    }

    /// The same with a key that is bound to agents, or of another workspace.
    async fn bound(app: &TestApp, scopes: &[&str], agents: Option<Vec<AgentId>>, workspace: &str) -> Self {
        let workspace = match workspace {
            "default" => WorkspaceId::default_workspace(),
            other => WorkspaceId(other.to_owned()),
        };
        let draft = KeyDraft {
            name: "test".to_owned(),
            scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
            agents,
            ..KeyDraft::default()
        };
        let minted = mint(
            draft,
            &workspace,
            None,
            "cli",
            atthene_server::model::time::Timestamp(0),
        )
        .unwrap();
        app.store.create_key(&minted.key).await.unwrap();
        let back_end = Self {
            base: format!("{}/api/v1", app.url()),
            secret: minted.secret,
            key_id: minted.key.id.to_string(),
        };
        for _ in 0..200 {
            let answer = back_end.request(Method::GET, "/agent/").send().await.unwrap();
            if answer.status() != StatusCode::UNAUTHORIZED {
                return back_end;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the key is not known after 4 s");
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        Client::new()
            .request(method, format!("{}{path}", self.base))
            .header("x-api-key", &self.secret)
    }

    /// The answer's body; its status must be this one.
    async fn json(&self, method: Method, path: &str, body: Option<&Value>, status: u16) -> Value {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let got = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert_eq!(got, status, "{path}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    async fn get(&self, path: &str) -> Value {
        self.json(Method::GET, path, None, 200).await
    }
}

fn config(name: &str) -> Value {
    json!({
        "name": name, "agent_type": "llm_agent", "system_prompt": "Be kind.",
        "llm_config": { "model": "builtin", "temperature": 0.5 },
    })
}

/// The fields that an answer names as wrong.
fn fields(body: &Value) -> Vec<String> {
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect()
}
