//! The tools of a `react_agent`: what it may call, and what cannot run yet.

use serde_json::Value;

use super::fields::Fields;
use crate::model::agent::Tool;
use crate::runner::ask_human;

const THE_TOOL: &str = "`ask_human` is the only tool in this version; write `tools: [ask_human]`.";

/// What an agent may call, and how often its model may be asked in one turn.
#[derive(Default)]
pub(super) struct Tools {
    pub(super) tools: Vec<Tool>,
    pub(super) max_iterations: Option<u32>,
}

/// Reads the type of an agent and, where it may have some, its tools.
pub(super) fn read(fields: &Fields<'_>) -> Tools {
    match fields.value("agent_type").map(Value::as_str) {
        Some(Some("llm_agent")) => refuse_tools(fields),
        Some(Some("react_agent")) => return of_react_agent(fields),
        Some(Some(kind @ "supervisor")) => {
            fields.error(
                "agent_type",
                format!("Agents of the type {kind} cannot run in this version; use llm_agent or react_agent."),
            );
            refuse_tools(fields);
        }
        Some(_) => {
            fields.error("agent_type", "This must be llm_agent or react_agent.");
            refuse_tools(fields);
        }
        None => {
            fields.error("agent_type", "This is missing; write `agent_type: llm_agent`.");
            refuse_tools(fields);
        }
    }
    Tools::default()
}

/// The tools that a full configuration defines beside its agents: it need not define what is there anyway, but may.
pub(super) fn check_definitions(fields: &Fields<'_>) {
    for (index, tool) in fields.list("tools").unwrap_or_default().iter().enumerate() {
        if name_of(tool) != Some(ask_human::NAME) {
            fields
                .findings()
                .error(format!("{}[{index}]", fields.path_of("tools")), THE_TOOL);
        }
    }
}

fn of_react_agent(fields: &Fields<'_>) -> Tools {
    let mut max_iterations = None;
    if let Some(calling) = fields.object("tool_calling") {
        if calling.flag("enabled") == Some(false) {
            calling.error(
                "enabled",
                "A react_agent calls its tools; leave this out, or use llm_agent.",
            );
        }
        max_iterations = calling.whole_number("max_iterations", 1, 50);
        calling.finish();
    }
    let tools = fields.list("tools").unwrap_or_default();
    if tools.is_empty() {
        fields.error(
            "tools",
            "A react_agent has tools; write `tools: [ask_human]`, or use llm_agent.",
        );
        return Tools::default();
    }
    for (index, tool) in tools.iter().enumerate() {
        if name_of(tool) != Some(ask_human::NAME) {
            fields
                .findings()
                .error(format!("{}[{index}]", fields.path_of("tools")), THE_TOOL);
        }
    }
    Tools {
        tools: vec![Tool::AskHuman],
        max_iterations,
    }
}

fn refuse_tools(fields: &Fields<'_>) {
    let is_off = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty() || map.get("enabled") == Some(&Value::Bool(false)),
        _ => false,
    };
    for key in ["tools", "tool_calling"] {
        if fields.value(key).is_some_and(|value| !is_off(value)) {
            fields.error(
                key,
                format!("An llm_agent calls no tools; leave `{key}` out, or use react_agent."),
            );
        }
    }
}

/// A tool by its name, or as `name: ask_human` below a dash.
fn name_of(tool: &Value) -> Option<&str> {
    tool.as_str().or_else(|| tool.get("name")?.as_str())
}
