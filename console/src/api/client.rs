//! Requests as such: headers, the proof that they come from our own page, bodies, failures. What is asked for is in the
//! files beside it.

use gloo_net::http::{Method, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::Failure;
use crate::browser;
use crate::state::state;

/// Where everything is.
const ROOT: &str = "/api/v1";
/// The cookie whose value proves that a request comes from our own page; with its prefix where the console has https.
const CSRF_COOKIES: [&str; 2] = ["__Host-atthene_csrf", "atthene_csrf"];
const CSRF_HEADER: &str = "x-csrf-token";

/// What a request carries.
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(String),
    /// YAML, as somebody wrote it.
    Yaml(String),
    /// A form with files.
    Form(web_sys::FormData),
}

impl Body {
    /// Any value as JSON.
    pub fn json(value: &impl Serialize) -> Self {
        serde_json::to_string(value).map_or(Self::None, Self::Json)
    }
}

/// Asks for something.
///
/// # Errors
/// What the server says, or nothing where it says nothing.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    read(&ask(Method::GET, path, Body::None).await?)
}

/// Sends something and reads the answer.
///
/// # Errors
/// What the server says, or nothing where it says nothing.
pub async fn send<T: DeserializeOwned>(method: Method, path: &str, body: Body) -> Result<T, Failure> {
    read(&ask(method, path, body).await?)
}

/// Sends something whose answer says no more than that it was done.
///
/// # Errors
/// What the server says, or nothing where it says nothing.
pub async fn tell(method: Method, path: &str, body: Body) -> Result<(), Failure> {
    ask(method, path, body).await.map(|_| ())
}

/// By way of a tree: the parser of the text is compiled once then, and not into the code of each type.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    let tree = serde_json::from_str::<Value>(text);
    tree.and_then(serde_json::from_value).map_err(|error| Failure {
        status: 200,
        code: "unreadable".to_owned(),
        message: error.to_string(),
        ..Failure::default()
    })
}

async fn ask(method: Method, path: &str, body: Body) -> Result<String, Failure> {
    let outcome = ask_once(method, path, body).await;
    if let Err(failure) = &outcome
        && failure.is_logged_out()
    {
        state().log_in_again();
    }
    outcome
}

/// A request as every one of ours begins.
fn prepared(method: Method, path: &str) -> gloo_net::http::RequestBuilder {
    let url = format!("{ROOT}{path}");
    let builder = gloo_net::http::RequestBuilder::new(&url)
        .method(method)
        .cache(web_sys::RequestCache::NoStore);
    match CSRF_COOKIES.iter().find_map(|name| browser::cookie(name)) {
        Some(token) => builder.header(CSRF_HEADER, &token),
        None => builder,
    }
}

/// Gets a file. It goes by the same way as every request, since a plain link could not prove where it comes from.
///
/// # Errors
/// What the server says, or nothing where it says nothing.
pub async fn fetch(path: &str) -> Result<web_sys::Blob, Failure> {
    let silent = |_| Failure::default();
    let answer = prepared(Method::GET, path).send().await.map_err(silent)?;
    if !answer.ok() {
        let failure = Failure::read(answer.status(), &answer.text().await.map_err(silent)?);
        if failure.is_logged_out() {
            state().log_in_again();
        }
        return Err(failure);
    }
    let blob = web_sys::Response::from(answer).blob().map_err(|_| Failure::default())?;
    let blob = JsFuture::from(blob).await.map_err(|_| Failure::default())?;
    Ok(blob.unchecked_into())
}

async fn ask_once(method: Method, path: &str, body: Body) -> Result<String, Failure> {
    let builder = prepared(method, path);
    let request: Result<Request, _> = match body {
        Body::None => builder.build(),
        Body::Json(text) => builder.header("content-type", "application/json").body(text),
        Body::Yaml(text) => builder.header("content-type", "application/yaml").body(text),
        Body::Form(form) => builder.body(JsValue::from(form)),
    };
    // Nothing answered: what is to be said then has no words of the server.
    let silent = |_| Failure::default();
    let answer: Response = request.map_err(silent)?.send().await.map_err(silent)?;
    let text = answer.text().await.map_err(silent)?;
    if answer.ok() {
        Ok(text)
    } else {
        Err(Failure::read(answer.status(), &text))
    }
}
