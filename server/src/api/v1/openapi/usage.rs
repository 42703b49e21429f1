//! What happened of late.

use http::Method;
use serde_json::{Value, json};

use super::{AGENT, TIME};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::usage::UsageView;

pub(super) fn operations() -> Vec<Operation> {
    vec![show()]
}

fn show() -> Operation {
    let mut point = totals();
    point["at"] = json!(TIME);
    Operation::new(Method::GET, "/api/v1/usage", "show_usage", "See what happened of late")
        .described(
            "Messages, visitors, tokens, errors, refused origins and latencies, beside the same time before, over time and \
             per agent. Percentiles are true to 2 in a hundred.",
        )
        .query(
            "days",
            json!({ "type": "integer", "enum": [1, 7, 30] }),
            "So far back: 1 (by the hour; where nothing is said), 7 or 30 (by the day).",
            json!(7),
        )
        .query(
            "agent_key",
            json!({ "type": "string" }),
            "With this agent alone.",
            json!("support_assistant"),
        )
        .answers(
            200,
            "What happened.",
            Schema::of::<UsageView>(),
            json!({
                "from": TIME,
                "to": TIME,
                "step": "hour",
                "totals": totals(),
                "previous": totals(),
                "series": [point],
                "agents": [{
                    "agent_id": AGENT,
                    "agent_key": "support_assistant",
                    "name": "Support Assistant",
                    "totals": totals(),
                }],
            }),
        )
        .refuses(&[404])
}

fn totals() -> Value {
    json!({
        "messages": 24,
        "sessions": 5,
        "visitors": 4,
        "turns": 12,
        "errors": 1,
        "input_tokens": 4_210,
        "output_tokens": 1_730,
        "refused_origins": 1,
        "first_token_p50_ms": 420,
        "first_token_p95_ms": 1_350,
        "turn_p50_ms": 2_300,
        "turn_p95_ms": 6_900,
    })
}
