//! `POST /v1/chat/completions`: the whole answer, or its stream.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use std::sync::Arc;

use super::convert::once;
use super::stream::stream;
use super::types::{AnswerMessage, Choice, Completion, Request, Usage};
use crate::domain::conversation::{OnceRun, Piece};
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::JsonBody;
use crate::state::AppState;

/// Asks an agent with the given conversation.
///
/// # Errors
/// As the core says; a run that failed before its first word is an error here.
pub async fn complete(
    State(state): State<AppState>,
    Caller(caller): Caller,
    JsonBody(request): JsonBody<Request>,
) -> Result<Response, Error> {
    let entry = state
        .table
        .find_for_key(&caller.key, &request.model)
        .ok_or(Error::NoModel)?;
    let once = once(&request, state.settings.limits.message_chars)?;
    let created = state.clock.now().0.div_euclid(1_000);
    let run = state.conversations.run_once(&caller, &entry, once).await?;
    let model = entry.agent.agent_key.clone();
    if request.stream == Some(true) {
        let include_usage = request.stream_options.unwrap_or_default().include_usage;
        return Ok(stream(
            state,
            Arc::clone(&caller.key),
            run,
            model,
            created,
            include_usage,
        ));
    }
    Ok(Json(whole(run, model, created).await?).into_response())
}

async fn whole(mut run: OnceRun, model: String, created: i64) -> Result<Completion, Error> {
    let mut content = String::new();
    let (mut usage, mut finish_reason) = (Usage::default(), "stop");
    while let Some(piece) = run.pieces.next().await {
        match piece {
            Piece::Text(text) => content.push_str(&text),
            Piece::CutShort => finish_reason = "length",
            Piece::Usage {
                input_tokens,
                output_tokens,
            } => usage = usage.plus(input_tokens, output_tokens),
            Piece::Failed { code, sentence } => return Err(Error::of_run(code, sentence)),
        }
    }
    Ok(Completion {
        id: format!("chatcmpl-{}", run.run_id),
        object: "chat.completion",
        created,
        model,
        choices: [Choice {
            index: 0,
            message: AnswerMessage {
                role: "assistant",
                content,
                refusal: None,
            },
            logprobs: None,
            finish_reason,
        }],
        usage,
    })
}

impl Usage {
    /// With what another call cost.
    pub(super) fn plus(self, input_tokens: u64, output_tokens: u64) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens + input_tokens,
            completion_tokens: self.completion_tokens + output_tokens,
            total_tokens: self.total_tokens + input_tokens + output_tokens,
        }
    }
}
