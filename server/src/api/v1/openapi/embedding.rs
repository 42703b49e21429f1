//! What is pasted to put an agent on a page, and the key under which the console tries it.

use http::Method;
use serde_json::json;

use super::{TIME, forms};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::embed::Embedding;
use crate::api::v1::preview::{NewPreview, PreviewMade};

pub(super) fn operations() -> Vec<Operation> {
    vec![show_embedding(), make_preview()]
}

fn show_embedding() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/agent/{agent}/embed",
        "show_embedding",
        "Get what is pasted to put an agent on a page",
    )
    .described(
        "The pinned tag loads exactly the bytes of this version, or nothing. What the page passes wins over the agent's \
         settings: whoever wants to change those later takes the options out of the tag.",
    )
    .answers(
        200,
        "The texts.",
        Schema::of::<Embedding>(),
        json!({
            "public_url": "https://chat.example.com",
            "version": "0.1.0",
            "snippet": "<script src=\"https://chat.example.com/chat-widget.js\"></script>\n<script>\n  \
                AttheneChat.init({\n    agentKey: 'shop_assistant'\n  });\n</script>",
            "pinned_snippet": "<script async src=\"https://chat.example.com/widget/0.1.0/chat-widget.js\"\n        \
                integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\" \
                crossorigin=\"anonymous\"\n        data-agent-key=\"shop_assistant\"></script>",
            "integrity": "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
            "csp": "script-src https://chat.example.com 'wasm-unsafe-eval'; connect-src https://chat.example.com \
                wss://chat.example.com; img-src https://chat.example.com",
        }),
    )
    .refuses(&[404])
}

fn make_preview() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/agent/{agent}/preview",
        "make_preview",
        "Make an agent key for an hour",
    )
    .described(
        "The pages of `console_url`, and no others, may use it, whatever the agent's list says and whether it is public or \
         not. It runs the agent as it is, a version, or a draft. Its sessions are the agent's; lists leave them out.",
    )
    .may_read_document(
        Schema::of::<NewPreview>(),
        json!({ "draft": { "system_config": forms::config() } }),
    )
    .answers(
        201,
        "The key.",
        Schema::of::<PreviewMade>(),
        json!({ "agent_key": "prev_k7m2xq9a4c8d3e6f5g2h7j9kab", "expires_at": TIME }),
    )
    .refuses(&[404])
}
