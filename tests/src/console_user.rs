//! A user of the console: sends what the console's page sends, over real sockets.

use atthene_server::config::Settings;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::back_end::told;

/// The password of every user of the tests.
pub const PASSWORD: &str = "marker-password of a test";

/// Somebody who is logged in.
#[derive(Clone)]
pub struct ConsoleUser {
    client: Client,
    url: String,
    /// The origin of the page.
    pub origin: String,
    /// The cookies, as a browser sends them.
    pub cookies: String,
    /// What the page sends back of them.
    pub csrf: String,
    /// Who it is.
    pub user: Value,
}

impl ConsoleUser {
    /// Out of the answer to a set-up or a log-in.
    pub async fn of(url: &str, answer: Response) -> Self {
        let cookies: Vec<String> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect();
        let (status, body) = told(answer).await;
        assert!(status.is_success(), "{status} {body}");
        Self {
            client: Client::new(),
            url: url.to_owned(),
            origin: Settings::default().console_url,
            cookies: cookies.join("; "),
            csrf: body["csrf"].as_str().unwrap().to_owned(),
            user: body["user"].clone(),
        }
    }

    /// Their id.
    pub fn id(&self) -> &str {
        self.user["id"].as_str().unwrap()
    }

    /// The secret of the log-in.
    pub fn secret(&self) -> &str {
        let cookie = self
            .cookies
            .split("; ")
            .find(|cookie| cookie.contains("atthene_login="));
        cookie.unwrap().split_once('=').unwrap().1
    }

    /// A request of the page.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.bare(method.clone(), path).header("x-csrf-token", &self.csrf);
        if method == Method::GET {
            request
        } else {
            request.header("origin", &self.origin)
        }
    }

    /// The same without what only the page adds.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .header("cookie", &self.cookies)
    }

    /// Asks and gives status and JSON.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        told(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// Sends JSON and gives status and JSON.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, body).await
    }

    /// Sends JSON by any method and gives status and JSON.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        told(self.request(method, path).json(body).send().await.unwrap()).await
    }

    /// Deletes and gives status and JSON.
    pub async fn delete(&self, path: &str) -> (StatusCode, Value) {
        told(self.request(Method::DELETE, path).send().await.unwrap()).await
    }
}

/// Logs in over the wire.
pub async fn log_in(url: &str, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password });
    let request = Client::new().post(format!("{url}/api/v1/auth/login")).json(&body);
    request.send().await.unwrap()
}
