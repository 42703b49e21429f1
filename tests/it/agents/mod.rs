//! Agents: what is refused, what is kept, how it is hashed, saved and found by the gate.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod apply;
mod documented;
mod draft;
mod prompts;
mod variables;

use atthene_server::domain::agents::{Draft, FieldNote};

/// The models that the settings of these tests know.
fn knows(model: &str) -> bool {
    matches!(model, "builtin" | "openai/small")
}

fn read(text: &str) -> Draft {
    Draft::read(text, &knows).unwrap_or_else(|notes| panic!("{notes:?}\n{text}"))
}

fn refusals(text: &str) -> Vec<FieldNote> {
    Draft::read(text, &knows)
        .err()
        .unwrap_or_else(|| panic!("this was taken:\n{text}"))
}

/// A small body with `more` lines at the top level and `config` lines in the configuration.
fn body(more: &str, config: &str) -> String {
    let indented: String = config.lines().map(|line| format!("  {line}\n")).collect();
    format!(
        "{more}\nsystem_config:\n  name: Support Assistant\n  agent_type: llm_agent\n  llm_config: {{model: builtin}}\n{indented}"
    )
}
