//! The REST of back ends, over real sockets.

mod agents;
mod changes;
mod conversations;
mod embedding;
mod exporting;
mod following;
mod keys;
mod knowledge;
mod moderation;
mod openapi;
mod origins;
mod previews;
mod runtime;
mod sessions;
mod settings;
mod strangers;
mod traces;
mod usage;
mod validation;
mod waterfall;

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_server::domain::keys::{KeyDraft, mint};
use atthene_tests::{BackEnd, TestApp};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A back end below `/api/v1`, whose answers must have the status that the test says.
struct Rest(BackEnd);

impl Rest {
    /// With a key of these scopes, that the server knows already.
    async fn new(app: &TestApp, scopes: &[&str]) -> Self {
        Self::bound(app, scopes, None, "default").await
    }

    /// The same with a key that is bound to agents, or of another workspace.
    async fn bound(app: &TestApp, scopes: &[&str], agents: Option<Vec<AgentId>>, workspace: &str) -> Self {
        let draft = KeyDraft {
            name: "test".to_owned(),
            scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
            agents,
            ..KeyDraft::default()
        };
        let minted = mint(draft, &WorkspaceId(workspace.to_owned()), None, "cli", app.clock_now()).unwrap();
        app.store.create_key(&minted.key).await.unwrap();
        let back_end = BackEnd::new(&app.url(), minted.secret, minted.key);
        back_end.until_known().await;
        Self(back_end)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.0.request(method, &format!("/api/v1{path}"))
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
