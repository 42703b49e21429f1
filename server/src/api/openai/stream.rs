//! A streamed answer in this dialect: chunks, the cost where it was asked for, `[DONE]`.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream as streams};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use super::types::{Chunk, ChunkChoice, Delta, Usage};
use crate::domain::conversation::{OnceRun, Piece};
use crate::http::sse;
use crate::http::stream::{Right, SSE_HEADERS, Watch};
use crate::model::key::ApiKey;
use crate::state::AppState;

/// A silent stream says something at least so often (BAR.md W4).
const COMMENT_EVERY: Duration = Duration::from_secs(15);
const DONE: &[u8] = b"data: [DONE]\n\n";

/// The answer of a run, as it comes.
pub fn stream(
    state: AppState,
    key: Arc<ApiKey>,
    run: OnceRun,
    model: String,
    created: i64,
    include_usage: bool,
) -> Response {
    let mut chunks = Chunks {
        id: format!("chatcmpl-{}", run.run_id),
        model,
        created,
        include_usage,
        usage: Usage::default(),
        finish_reason: "stop",
        ready: VecDeque::new(),
        is_over: false,
        watch: Watch::new(state, Right::Key(key)),
        run,
    };
    let first = Delta {
        role: Some("assistant"),
        content: Some(""),
    };
    chunks.push(first, None);
    let body = Body::from_stream(streams::unfold(chunks, |mut chunks| async move {
        let bytes = chunks.next().await?;
        Some((Ok::<Bytes, Infallible>(bytes), chunks))
    }));
    (SSE_HEADERS, body).into_response()
}

struct Chunks {
    id: String,
    model: String,
    created: i64,
    include_usage: bool,
    usage: Usage,
    finish_reason: &'static str,
    ready: VecDeque<Bytes>,
    is_over: bool,
    watch: Watch,
    run: OnceRun,
}

impl Chunks {
    async fn next(&mut self) -> Option<Bytes> {
        let comment_at = Instant::now() + COMMENT_EVERY;
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Some(bytes);
            }
            if self.is_over {
                return None;
            }
            tokio::select! {
                biased;
                _code = self.watch.lost() => {
                    self.fail("api_key_invalid", "authentication_error", "The API key was revoked or has expired.");
                }
                piece = self.run.pieces.next() => match piece {
                    Some(piece) => self.take_in(piece),
                    None => self.finish(),
                },
                () = sleep_until(comment_at) => return Some(Bytes::from_static(sse::COMMENT)),
            }
        }
    }

    fn take_in(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.push(
                Delta {
                    role: None,
                    content: Some(&text),
                },
                None,
            ),
            Piece::CutShort => self.finish_reason = "length",
            Piece::Usage {
                input_tokens,
                output_tokens,
            } => self.usage = self.usage.plus(input_tokens, output_tokens),
            Piece::Failed { code, sentence } => self.fail(code, "upstream_error", sentence),
        }
    }

    fn push(&mut self, delta: Delta<'_>, finish_reason: Option<&'static str>) {
        let choice = ChunkChoice {
            index: 0,
            delta,
            finish_reason,
        };
        let bytes = self.chunk(vec![choice], self.include_usage.then_some(None));
        self.ready.push_back(bytes);
    }

    fn chunk(&self, choices: Vec<ChunkChoice<'_>>, usage: Option<Option<Usage>>) -> Bytes {
        let chunk = Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.model,
            choices,
            usage,
        };
        sse::event(None, &serde_json::to_string(&chunk).unwrap_or_default())
    }

    fn finish(&mut self) {
        self.is_over = true;
        self.push(Delta::default(), Some(self.finish_reason));
        if self.include_usage {
            let bytes = self.chunk(Vec::new(), Some(Some(self.usage)));
            self.ready.push_back(bytes);
        }
        self.ready.push_back(Bytes::from_static(DONE));
    }

    fn fail(&mut self, code: &str, kind: &str, message: &str) {
        self.is_over = true;
        let error = json!({ "error": { "message": message, "type": kind, "param": null, "code": code } });
        // Without `[DONE]`: that stands for an answer that came to its end.
        self.ready.push_back(sse::event(None, &error.to_string()));
    }
}
