//! Reads a running answer: the library's events become ours, and how the vendor ended it becomes the last of them.

use std::collections::VecDeque;

use futures_util::{Stream, StreamExt, stream};
use rig_core::completion::{AssistantContent, FinishReason};
use rig_core::message::ToolCall;
use rig_core::streaming::{CompletionStream, Item, StreamEvent};

use super::super::{ModelError, ModelErrorKind, ModelEvent};
use super::failure;
use super::quiet::Quiet;
use crate::config::Secret;

/// Endings of Gemini that mean its content filter, which the library hands on as they are.
const FILTERED: [&str; 3] = ["RECITATION", "IMAGE_RECITATION", "LANGUAGE"];

/// A running answer.
pub(super) struct Reading {
    stream: Quiet<CompletionStream>,
    key: Option<Secret>,
    /// What is still to be said after the end of the stream.
    last: Option<VecDeque<Result<ModelEvent, ModelError>>>,
}

impl Reading {
    pub(super) fn new(stream: CompletionStream, key: Option<Secret>) -> Self {
        Self {
            stream: Quiet::new(stream),
            key,
            last: None,
        }
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<ModelEvent, ModelError>> + Send {
        stream::unfold(self, Self::next)
    }

    async fn next(mut self) -> Option<(Result<ModelEvent, ModelError>, Self)> {
        while self.last.is_none() {
            match self.stream.next().await {
                Some(Ok(Item::Event(StreamEvent::Text { text, .. }))) if !text.is_empty() => {
                    return Some((Ok(ModelEvent::Text(text)), self));
                }
                Some(Ok(Item::Event(StreamEvent::Reasoning { .. }))) => {
                    return Some((Ok(ModelEvent::Thinking), self));
                }
                Some(Ok(Item::Event(StreamEvent::End {
                    content: AssistantContent::ToolCall(call),
                    ..
                }))) => return Some((Ok(called(&call)), self)),
                // What is no text for the visitor, or not modelled.
                Some(Ok(_)) => {}
                Some(Err(error)) => self.last = Some([Err(failure::explain(&error, self.key.as_ref()))].into()),
                None => self.last = Some(self.ending()),
            }
        }
        let item = self.last.as_mut()?.pop_front()?;
        Some((item, self))
    }

    /// The vendor ended the answer: what it cost, and whether it came to its end.
    fn ending(&self) -> VecDeque<Result<ModelEvent, ModelError>> {
        let whole = self.stream.inner().partial();
        let mut last = VecDeque::new();
        if whole.usage.input_tokens.is_some() || whole.usage.output_tokens.is_some() {
            last.push_back(Ok(ModelEvent::Usage {
                input_tokens: whole.usage.input_tokens.unwrap_or(0),
                output_tokens: whole.usage.output_tokens.unwrap_or(0),
            }));
        }
        match whole.finish_reason() {
            Some(FinishReason::Length) => last.push_back(Ok(ModelEvent::CutShort)),
            Some(FinishReason::ContentFilter) => last.push_back(Err(filtered("content_filter"))),
            Some(FinishReason::Other(reason)) if FILTERED.contains(&reason.as_str()) => {
                last.push_back(Err(filtered(&reason)));
            }
            _ => {}
        }
        last
    }
}

fn called(call: &ToolCall) -> ModelEvent {
    let function = &call.function;
    let arguments = function.invalid_arguments.clone();
    ModelEvent::Call {
        id: call.id.to_string(),
        name: function.name.to_string(),
        arguments: arguments.unwrap_or_else(|| serde_json::Value::Object(function.arguments.clone()).to_string()),
    }
}

fn filtered(reason: &str) -> ModelError {
    ModelError {
        kind: ModelErrorKind::ContentPolicy,
        detail: format!("the vendor's content filter ended the answer: {reason}"),
        retry_after_ms: None,
        vendor: None,
    }
}
