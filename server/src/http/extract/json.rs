//! Bodies: read whole within time and size, as JSON or YAML, with refusals that every dialect can tell.

use std::time::Duration;

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::agents::body::{self, Unreadable};
use crate::domain::agents::lines::Lines;
use crate::http::problem::Failure;
use crate::state::AppState;

const NO_OBJECT: &str = "The body must be an object: {\"name\": value, ...}.";
const KIND: &str = "invalid_request_error";

/// The body, read as JSON.
pub struct JsonBody<T>(pub T);

/// The body, read as JSON or YAML.
pub struct Document(pub Value);

/// The text of a body in JSON or YAML, not read yet.
pub struct Source {
    format: Format,
    text: String,
}

/// The type of a body, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Yaml,
}

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        if format(request.headers()) != Some(Format::Json) {
            return Err(refuse_type(
                "Send the body as JSON, with `Content-Type: application/json`.",
            ));
        }
        let bytes = read_bytes(request, state).await?;
        // A list would be read as the fields of an object in their order.
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            return Err(wrong_type(NO_OBJECT));
        }
        match serde_json::from_slice(&bytes) {
            Ok(body) => Ok(Self(body)),
            Err(error) if error.is_data() => Err(wrong_type(error.to_string())),
            Err(error) => Err(malformed("malformed_json", format!("The body is not JSON: {error}."))),
        }
    }
}

impl FromRequest<AppState> for Document {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        let source = Source::from_request(request, state).await?;
        let code = match source.format {
            Format::Json => "malformed_json",
            Format::Yaml => "malformed_yaml",
        };
        let read = source.read().map_err(|unreadable| malformed(code, unreadable.message));
        read.map(Self)
    }
}

impl FromRequest<AppState> for Source {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        let Some(format) = format(request.headers()) else {
            return Err(refuse_type(
                "Send the body as JSON or YAML, with `Content-Type: application/json` or `application/yaml`.",
            ));
        };
        let bytes = read_bytes(request, state).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| malformed("not_utf8", "The body is not UTF-8."))?;
        Ok(Self {
            format,
            text: text.to_owned(),
        })
    }
}

impl Source {
    /// What it says.
    ///
    /// # Errors
    /// It is not what its type says.
    pub fn read(&self) -> Result<Value, Unreadable> {
        match self.format {
            Format::Json => body::read_json(&self.text).map_err(Unreadable::from),
            Format::Yaml => body::read_located(&self.text),
        }
    }

    /// Where its fields stand, where it is YAML that can be read.
    pub fn lines(&self) -> Option<Lines> {
        (self.format == Format::Yaml).then(|| Lines::of(&self.text)).flatten()
    }
}

impl Document {
    /// The body as the type that a handler wants.
    ///
    /// # Errors
    /// 422, naming what is wrong.
    pub fn into<T: DeserializeOwned>(self) -> Result<T, Failure> {
        if self.0.is_array() {
            return Err(wrong_type(NO_OBJECT));
        }
        serde_json::from_value(self.0).map_err(|error| wrong_type(error.to_string()))
    }
}

/// The whole body, in time and within the size that the route allows.
///
/// # Errors
/// 408, 413, 400.
pub async fn read_bytes(request: Request, state: &AppState) -> Result<Bytes, Failure> {
    let limit = Duration::from_millis(state.settings.limits.body_read_timeout_ms);
    match tokio::time::timeout(limit, Bytes::from_request(request, state)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) => Err(refuse(&rejection)),
        Err(_elapsed) => Err(Failure::new(
            StatusCode::REQUEST_TIMEOUT,
            KIND,
            "body_timeout",
            "The body did not arrive in time.",
        )),
    }
}

fn refuse(rejection: &BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    malformed("unreadable_body", "The body could not be read.")
}

/// A body beyond the size that the route takes: 413.
pub fn too_large() -> Failure {
    Failure::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "payload_too_large",
        "body_too_large",
        "The body is larger than this route takes.",
    )
}

/// A body that is not what its type says: 400.
pub fn malformed(code: &'static str, message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, KIND, code, message)
}

/// A body whose fields have the wrong types: 422.
pub fn wrong_type(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, KIND, "wrong_type", message)
}

/// A body of a type that nobody reads here: 415.
pub fn refuse_type(message: &str) -> Failure {
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, KIND, "content_type", message)
}

/// `application/json`, `application/yaml` (RFC 9512) and its older names; a suffix (`+json`) counts.
fn format(headers: &HeaderMap) -> Option<Format> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let essence = value.to_str().ok()?.split(';').next()?.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Some(Format::Json),
        "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Some(Format::Yaml),
        other if other.starts_with("application/") && other.ends_with("+json") => Some(Format::Json),
        other if other.starts_with("application/") && other.ends_with("+yaml") => Some(Format::Yaml),
        _ => None,
    }
}
