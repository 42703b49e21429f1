//! The part of a configuration that one agent has, flat or as one of `agents`: prompt, model, knowledge.

use std::collections::BTreeMap;

use super::fields::{Fields, join};
use super::{prompt, refused, tools};
use crate::model::agent::{KnowledgeBaseRef, LlmConfig, RunnableConfig, Variable};

const MAX_MODEL_CHARS: usize = 200;
const MAX_DESCRIPTION_CHARS: usize = 2_000;
const MAX_BASES: usize = 20;
const MAX_BASE_CHARS: usize = 64;
const MAX_TEMPERATURE: f64 = 2.0;
const MOST_TOKENS: u32 = 1_000_000;

/// What is known of it.
pub(super) struct LlmAgent {
    pub(super) description: Option<String>,
    pub(super) runnable: RunnableConfig,
}

/// Reads it. `declared` are the configuration's variables; `knows` tells whether a model can be asked.
pub(super) fn read(
    fields: &Fields<'_>,
    declared: &BTreeMap<String, Variable>,
    knows: &dyn Fn(&str) -> bool,
) -> LlmAgent {
    let tools = tools::read(fields);
    refused::check_agent(fields);
    let (system_prompt, prompt_config) = prompt::read(fields, declared);
    LlmAgent {
        description: fields.text("description", MAX_DESCRIPTION_CHARS).map(str::to_owned),
        runnable: RunnableConfig {
            system_prompt,
            llm_config: read_llm_config(fields, knows),
            knowledge_bases: read_bases(fields),
            prompt_config,
            tools: tools.tools,
            max_iterations: tools.max_iterations,
            ..RunnableConfig::default()
        },
    }
}

fn read_llm_config(fields: &Fields<'_>, knows: &dyn Fn(&str) -> bool) -> LlmConfig {
    if !fields.has("llm_config") {
        fields.error(
            "llm_config",
            "This is missing; write `llm_config: {model: builtin}`, or another model.",
        );
        return LlmConfig::default();
    }
    let Some(config) = fields.object("llm_config") else {
        return LlmConfig::default();
    };
    for key in ["api_key", "base_url", "api_base"] {
        if config.value(key).is_some() {
            config.error(
                key,
                "Addresses and keys of vendors come from the server's settings only; take this out.",
            );
        }
    }
    let read = LlmConfig {
        model: read_model(&config, knows).unwrap_or_default(),
        temperature: config.number("temperature", 0.0, MAX_TEMPERATURE),
        max_tokens: config.whole_number("max_tokens", 1, MOST_TOKENS),
    };
    config.finish();
    read
}

/// `model`, or `models` with one in it.
fn read_model(config: &Fields<'_>, knows: &dyn Fn(&str) -> bool) -> Option<String> {
    let list = config.texts("models");
    let (key, model) = match (config.has("model"), list) {
        (true, Some(_)) => {
            config.error("models", "Give either `model` or `models`, not both.");
            return None;
        }
        (true, None) => ("model", config.line("model", MAX_MODEL_CHARS)?.to_owned()),
        (false, Some(models)) if models.len() == 1 => ("models[0]", models.into_iter().next()?),
        (false, Some(models)) if models.is_empty() => {
            config.error("models", "This is empty; write `model: builtin`, or another model.");
            return None;
        }
        (false, Some(_)) => {
            config.error(
                "models",
                "Going over to a second model cannot run in this version; give one.",
            );
            return None;
        }
        (false, None) if config.has("models") => return None,
        (false, None) => {
            config.error("model", "This is missing; write `model: builtin`, or another model.");
            return None;
        }
    };
    if knows(&model) {
        return Some(model);
    }
    let message = format!(
        "The server's settings know no model `{model}`. Use `builtin`, a name under [models], or `provider/name` with a provider under [providers]."
    );
    config.error(key, message);
    None
}

fn read_bases(fields: &Fields<'_>) -> Vec<KnowledgeBaseRef> {
    let items = fields.list("knowledge_bases").unwrap_or_default();
    if items.len() > MAX_BASES {
        fields.error(
            "knowledge_bases",
            format!("There may be at most {MAX_BASES} knowledge bases."),
        );
    }
    let mut bases: Vec<KnowledgeBaseRef> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("{}[{index}]", fields.path_of("knowledge_bases"));
        if !item.is_object() {
            fields
                .findings()
                .error(path, "A knowledge base is written as `name: docs` below a dash.");
            continue;
        }
        let Some(base) = Fields::of(path, item, fields.findings()) else {
            continue;
        };
        match base.line("name", MAX_BASE_CHARS) {
            Some(name) if is_base_name(name) => {
                let named = KnowledgeBaseRef { name: name.to_owned() };
                if !bases.contains(&named) {
                    bases.push(named);
                }
            }
            Some(_) => base.error("name", BASE_NAME_FORM),
            None if base.has("name") => {}
            None => base.error("name", "This is missing; write `name: docs`."),
        }
        base.finish();
    }
    bases
}

/// What a knowledge base may be called.
pub const BASE_NAME_FORM: &str =
    "The name of a knowledge base is 1 to 64 characters: letters, digits, `_`, `-` and `.`, such as docs.";

/// Whether a knowledge base may be called so.
pub fn is_base_name(name: &str) -> bool {
    (1..=MAX_BASE_CHARS).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// The path of an agent's field in a full configuration.
pub(super) fn path_of_agent(path: &str, index: usize) -> String {
    join(path, &format!("agents[{index}]"))
}
