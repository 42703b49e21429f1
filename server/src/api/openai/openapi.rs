//! This dialect in the OpenAPI document.

use http::Method;
use serde_json::{Value, json};

use super::types::{Completion, ErrorBody, Model, ModelList, Request};
use super::write_failure;
use crate::api::document::Dialect;
use crate::api::operation::{Operation, Schema};

const CHUNKS: &str = "data: {\"id\":\"chatcmpl-run_019a2b3c4d5e7f60a1b2c3d4e5f60718\",\"object\":\"chat.completion.chunk\",\
     \"created\":1795000000,\"model\":\"support_assistant\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Your\"},\
     \"finish_reason\":null}]}\n\ndata: [DONE]\n\n";

/// Its operations.
pub fn dialect() -> Dialect {
    Dialect {
        tag: "OpenAI",
        description: "Chat completions for OpenAI's clients: a model is an agent. Stateless, no session is kept.",
        write: write_failure,
        error: Schema::of::<ErrorBody<'_>>(),
        is_of_console: false,
        alias: None,
        operations: vec![complete(), list(), show()],
    }
}

fn complete() -> Operation {
    Operation::new(
        Method::POST,
        "/v1/chat/completions",
        "create_chat_completion",
        "Ask an agent with a given conversation",
    )
    .described(
        "With `stream: true` the answer comes as chunks, ended by `[DONE]`. The last message is the user's. Tools of the \
         caller are refused.",
    )
    .reads(
        Schema::of::<Request>(),
        json!({
            "model": "support_assistant",
            "messages": [{ "role": "user", "content": "Where is my order?" }],
        }),
    )
    .answers(
        200,
        "The whole answer, or its stream.",
        Schema::of::<Completion>(),
        json!({
            "id": "chatcmpl-run_019a2b3c4d5e7f60a1b2c3d4e5f60718",
            "object": "chat.completion",
            "created": 1_795_000_000,
            "model": "support_assistant",
            "choices": [{
                "index": 0,
                "message": { "role": "assistant", "content": "Your order is on its way.", "refusal": null },
                "logprobs": null,
                "finish_reason": "stop",
            }],
            "usage": { "prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28 },
        }),
    )
    .streams(200, "The whole answer, or its stream.", CHUNKS)
    .refuses(&[404, 502, 503, 504])
}

fn list() -> Operation {
    Operation::new(
        Method::GET,
        "/v1/models",
        "list_models",
        "List the agents that the key may run",
    )
    .answers(
        200,
        "The models, by agent key.",
        Schema::of::<ModelList>(),
        json!({ "object": "list", "data": [model()] }),
    )
}

fn show() -> Operation {
    Operation::new(Method::GET, "/v1/models/{model}", "show_model", "Look at one of them")
        .answers(200, "The model.", Schema::of::<Model>(), model())
        .refuses(&[404])
}

fn model() -> Value {
    json!({ "id": "support_assistant", "object": "model", "created": 1_795_000_000, "owned_by": "default" })
}
