//! What agents know.

use http::Method;
use serde_json::{Value, json};

use super::TIME;
use crate::api::operation::{Operation, Schema};
use crate::api::v1::knowledge::{KnowledgeAdded, KnowledgeView};

const PATH: &str = "/api/v1/agent/{agent}/knowledge";

pub(super) fn operations() -> Vec<Operation> {
    vec![show(), add(), remove()]
}

fn show() -> Operation {
    Operation::new(Method::GET, PATH, "show_knowledge", "List what an agent knows")
        .answers(
            200,
            "Its knowledge bases: those that hold something, and those that its configuration names.",
            Schema::of::<KnowledgeView>(),
            json!({ "bases": [{ "name": "docs", "is_used": true, "documents": [document()] }] }),
        )
        .refuses(&[404])
}

fn add() -> Operation {
    Operation::new(Method::POST, PATH, "add_knowledge", "Put files into what an agent knows")
        .described(
            "Markdown (.md, .markdown), text (.txt) and HTML (.html, .htm) in UTF-8, at most 2 MiB each. A file takes the \
             place of one of the same name. What cannot be taken is among the problems. An agent that names no knowledge \
             base names this one from now on.",
        )
        .reads_as(
            &["multipart/form-data"],
            true,
            form(),
            &json!({ "base": "docs", "file": "# Delivery\n\nThree to five days." }),
        )
        .answers(
            200,
            "What became of the files.",
            Schema::of::<KnowledgeAdded>(),
            json!({
                "base": "docs",
                "linked": false,
                "documents": [document()],
                "problems": [{ "file": "prices.pdf", "message": "This kind of file is not taken." }],
            }),
        )
        .refuses(&[404])
}

fn remove() -> Operation {
    Operation::new(
        Method::DELETE,
        "/api/v1/agent/{agent}/knowledge/{base}/{document}",
        "remove_knowledge",
        "Take a document out of what an agent knows",
    )
    .answers_empty(204, "It is gone, with all its passages.")
    .refuses(&[404])
}

fn form() -> Schema {
    Schema::named(
        "KnowledgeForm",
        json!({
            "type": "object",
            "description": "Everything with a file name is a file, whatever its field is called.",
            "properties": {
                "base": {
                    "type": "string",
                    "description": "The knowledge base; left out: the only one that the agent names, or `docs`.",
                },
                "file": { "type": "string", "format": "binary", "description": "A file; there may be many." },
            },
            "required": ["file"],
        }),
    )
}

fn document() -> Value {
    json!({
        "id": "doc_3f2a9c1b7d8e4f60a1b2c3d4e5f60718",
        "name": "delivery.md",
        "passages": 1,
        "bytes": 31,
        "indexed_at": TIME,
    })
}
