//! A JSON body whose refusals have our own shape.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::http::problem::problem;
use crate::state::AppState;

/// The body, read as JSON.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let limit = Duration::from_millis(state.settings.limits.body_read_timeout_ms);
        match tokio::time::timeout(limit, Json::<T>::from_request(request, state)).await {
            Ok(Ok(Json(body))) => Ok(Self(body)),
            Ok(Err(rejection)) => Err(refuse(&rejection)),
            Err(_elapsed) => Err(problem(
                StatusCode::REQUEST_TIMEOUT,
                "invalid_request_error",
                "body_timeout",
                "The body did not arrive in time.",
                None,
            )),
        }
    }
}

fn refuse(rejection: &JsonRejection) -> Response {
    const KIND: &str = "invalid_request_error";
    match rejection {
        JsonRejection::MissingJsonContentType(_) => problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            KIND,
            "content_type",
            "Send the body as JSON, with `Content-Type: application/json`.",
            None,
        ),
        JsonRejection::JsonSyntaxError(error) => {
            problem(StatusCode::BAD_REQUEST, KIND, "malformed_json", error.body_text(), None)
        }
        JsonRejection::JsonDataError(error) => problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            KIND,
            "wrong_type",
            error.body_text(),
            None,
        ),
        _ if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "body_too_large",
            "The body is larger than this route takes.",
            None,
        ),
        _ => problem(
            StatusCode::BAD_REQUEST,
            KIND,
            "unreadable_body",
            "The body could not be read.",
            None,
        ),
    }
}
