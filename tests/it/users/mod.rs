//! Users of the console: becoming one, logging in, looking after each other, and what a log-in may do where.

mod audit;
mod logins;
mod matrix;
mod members;
mod setup;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use atthene_tests::TestApp;
use atthene_tests::back_end::told;

/// The console's origin as the settings of the tests have it.
const CONSOLE: &str = "http://127.0.0.1:8090";
const ADA: &str = "ada@example.com";

async fn post(app: &TestApp, path: &str, body: &Value) -> Response {
    let url = format!("{}/api/v1{path}", app.console_url());
    Client::new().post(url).json(body).send().await.unwrap()
}

async fn state(app: &TestApp) -> Value {
    let url = format!("{}/api/v1/auth/state", app.console_url());
    let (status, told) = told(Client::new().get(url).send().await.unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    told
}

fn set_up(token: &str) -> Value {
    json!({ "token": token, "email": ADA, "name": "Ada", "password": "a sentence of my own" })
}

/// The code of an error, with its status.
async fn code(answer: Response) -> (u16, String) {
    let (status, body) = told(answer).await;
    (
        status.as_u16(),
        body["error"]["code"].as_str().unwrap_or_default().to_owned(),
    )
}
