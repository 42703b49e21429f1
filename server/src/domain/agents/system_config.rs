//! The configuration of an agent, flat or full, checked and brought to ONE form: what runs today is a single
//! `llm_agent` or `react_agent`, and a full configuration of one agent between start and end says the same as a flat one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::{Fields, Findings, join};
use super::llm_agent::{self, LlmAgent, path_of_agent};
use super::{content_policy, declared, refused, tools};
use crate::model::agent::Variable;

const MAX_NAME_CHARS: usize = 100;
const STARTS: [&str; 2] = ["__start__", "START"];
const ENDS: [&str; 2] = ["__end__", "END"];

/// Reads the configuration at `path`; what is wrong goes to the findings. The result is of use only without errors.
/// Its fields are those of `RunnableConfig`, with `name`, `agent_type` and `description` beside them.
pub(super) fn read(path: &str, value: &Value, findings: &Findings, knows: &dyn Fn(&str) -> bool) -> Option<Value> {
    let fields = Fields::of(path, value, findings)?;
    let name = fields.line("name", MAX_NAME_CHARS);
    if name.is_none() && !fields.has("name") {
        fields.error(
            "name",
            "This is missing; write `name: Support Assistant`, or another name.",
        );
    }
    refused::check_configuration(&fields);
    let variables = declared::read(&fields);
    let content_policy = content_policy::read(&fields);
    let agent = if fields.has("agents") {
        read_full(path, &fields, &variables, knows)
    } else {
        Some(llm_agent::read(&fields, &variables, knows))
    };
    fields.finish();
    let mut agent = agent?;
    agent.runnable.variables = variables;
    agent.runnable.content_policy = content_policy;
    Some(normalise(name?, agent))
}

fn normalise(name: &str, agent: LlmAgent) -> Value {
    let runnable = agent.runnable;
    let mut value = json!({
        "name": name,
        "agent_type": if runnable.tools.is_empty() { "llm_agent" } else { "react_agent" },
        "system_prompt": runnable.system_prompt,
        "llm_config": runnable.llm_config,
        "knowledge_bases": runnable.knowledge_bases,
    });
    let Some(map) = value.as_object_mut() else {
        return value;
    };
    // What is not used is not there, so that a configuration keeps its hash when more can be said.
    if let Some(description) = agent.description {
        map.insert("description".to_owned(), Value::String(description));
    }
    if !runnable.prompt_config.is_default() {
        map.insert("prompt_config".to_owned(), json!(runnable.prompt_config));
    }
    if !runnable.variables.is_empty() {
        map.insert("variables".to_owned(), json!(runnable.variables));
    }
    if !runnable.tools.is_empty() {
        map.insert("tools".to_owned(), json!(runnable.tools));
    }
    if let Some(most) = runnable.max_iterations {
        map.insert("max_iterations".to_owned(), json!(most));
    }
    if !runnable.content_policy.is_default() {
        map.insert("content_policy".to_owned(), json!(runnable.content_policy));
    }
    value
}

fn read_full(
    path: &str,
    fields: &Fields<'_>,
    variables: &BTreeMap<String, Variable>,
    knows: &dyn Fn(&str) -> bool,
) -> Option<LlmAgent> {
    match fields.value("architecture").map(Value::as_str) {
        None | Some(Some("workflow")) => {}
        Some(Some("supervisor")) => {
            fields.error("architecture", "Supervisors cannot run in this version; use workflow.");
        }
        Some(_) => fields.error("architecture", "This must be workflow."),
    }
    fields.whole_number("recursion_limit", 5, 50);
    tools::check_definitions(fields);
    let description = fields.text("description", 2_000).map(str::to_owned);
    let agents = fields.list("agents")?;
    let [only] = agents else {
        let message = match agents.len() {
            0 => "There is no agent; give one of the type llm_agent or react_agent.",
            _ => "Several agents cannot run together in this version; give one.",
        };
        fields.error("agents", message);
        return None;
    };
    let agent_fields = Fields::of(path_of_agent(path, 0), only, fields.findings())?;
    let name = agent_fields.line("name", MAX_NAME_CHARS);
    if name.is_none() && !agent_fields.has("name") {
        agent_fields.error("name", "This is missing; the edges and `entry_point` refer to it.");
    }
    let mut agent = llm_agent::read(&agent_fields, variables, knows);
    for key in ["variables", "content_policy"] {
        if agent_fields.value(key).is_some() {
            agent_fields.error(
                key,
                format!("`{key}` stands beside `agents`, for the whole configuration; move it there."),
            );
        }
    }
    agent_fields.finish();
    // The agent is the whole: its own description only stands in.
    agent.description = description.or(agent.description);
    check_entry_point(fields, name?);
    check_edges(path, fields, name?);
    Some(agent)
}

fn check_entry_point(fields: &Fields<'_>, agent: &str) {
    match fields.value("entry_point").map(Value::as_str) {
        Some(Some(name)) if name == agent => {}
        Some(_) => fields.error("entry_point", format!("This must name the agent: {agent}.")),
        None => fields.error("entry_point", format!("This is missing; write `entry_point: {agent}`.")),
    }
}

/// No edges, or exactly start -> agent -> end.
fn check_edges(path: &str, fields: &Fields<'_>, agent: &str) {
    let Some(edges) = fields.list("edges").filter(|edges| !edges.is_empty()) else {
        return;
    };
    let (mut has_start, mut has_end) = (false, false);
    for (index, edge) in edges.iter().enumerate() {
        let at = join(path, &format!("edges[{index}]"));
        let Some(edge) = Fields::of(at.clone(), edge, fields.findings()) else {
            continue;
        };
        for key in [
            "condition",
            "condition_type",
            "routing",
            "possible_outputs",
            "llm_model",
        ] {
            if edge.value(key).is_some() {
                edge.error(
                    key,
                    "Edges with a condition cannot run in this version; write `from` and `to` only.",
                );
            }
        }
        let (from, to) = (edge.line("from", MAX_NAME_CHARS), edge.line("to", MAX_NAME_CHARS));
        let is_conditional = edge.has("condition");
        edge.finish();
        match (from, to) {
            (Some(from), Some(to)) if STARTS.contains(&from) && to == agent => has_start = true,
            (Some(from), Some(to)) if from == agent && ENDS.contains(&to) => has_end = true,
            _ if is_conditional => {}
            _ => fields.findings().error(
                at,
                format!("This edge leads nowhere: there is only __start__ -> {agent} -> __end__."),
            ),
        }
    }
    if !has_start || !has_end {
        fields.error("edges", format!("The edges must lead __start__ -> {agent} -> __end__."));
    }
}
