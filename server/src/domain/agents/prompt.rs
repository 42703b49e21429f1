//! What an agent is told: its instructions, and what `prompt_config` says to put around the conversation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::declared::check_template;
use super::fields::Fields;
use crate::model::agent::{Example, PromptConfig, Variable};

const MAX_PROMPT_CHARS: usize = 100_000;
const MAX_EXAMPLES: usize = 50;
const MAX_EXAMPLE_CHARS: usize = 20_000;
const MAX_HISTORY_MESSAGES: u32 = 40;

/// Reads the instructions and `prompt_config`, whose instructions win.
pub(super) fn read(fields: &Fields<'_>, declared: &BTreeMap<String, Variable>) -> (String, PromptConfig) {
    let mut prompt = read_prompt(fields, declared);
    let mut config = PromptConfig::default();
    if let Some(of_prompt) = fields.object("prompt_config") {
        prompt = read_prompt(&of_prompt, declared).or(prompt);
        config = PromptConfig {
            include_user_input: of_prompt.flag("include_user_input").unwrap_or(true),
            include_history: read_history(&of_prompt),
            few_shot_examples: read_examples(&of_prompt, declared),
        };
        let is_blank = prompt.is_none_or(|text| text.trim().is_empty());
        if !config.include_user_input && is_blank {
            of_prompt.error(
                "include_user_input",
                "Without the visitor's message there must be a `system_prompt` that asks the model.",
            );
        }
        of_prompt.finish();
    }
    (prompt.unwrap_or_default().to_owned(), config)
}

fn read_prompt<'a>(fields: &Fields<'a>, declared: &BTreeMap<String, Variable>) -> Option<&'a str> {
    let text = fields.text("system_prompt", MAX_PROMPT_CHARS)?;
    check_template(fields, "system_prompt", text, declared);
    Some(text)
}

/// `true`, a number, or `false`, which is no message at all.
fn read_history(fields: &Fields<'_>) -> Option<u32> {
    match fields.value("include_history")? {
        Value::Bool(true) => None,
        Value::Bool(false) => Some(0),
        value => {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            let number = number.filter(|number| *number <= MAX_HISTORY_MESSAGES);
            if number.is_none() {
                fields.error(
                    "include_history",
                    format!("This must be true, false, or a whole number from 0 to {MAX_HISTORY_MESSAGES}."),
                );
            }
            number
        }
    }
}

fn read_examples(fields: &Fields<'_>, declared: &BTreeMap<String, Variable>) -> Vec<Example> {
    let items = fields.list("few_shot_examples").unwrap_or_default();
    if items.len() > MAX_EXAMPLES {
        fields.error(
            "few_shot_examples",
            format!("There may be at most {MAX_EXAMPLES} examples."),
        );
        return Vec::new();
    }
    let mut examples = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("{}[{index}]", fields.path_of("few_shot_examples"));
        if !item.is_object() {
            fields.findings().error(
                path,
                "An example is written as `user: a question` and `assistant: its answer`.",
            );
            continue;
        }
        let Some(of_example) = Fields::of(path, item, fields.findings()) else {
            continue;
        };
        let side = |key: &'static str| {
            let text = of_example.text(key, MAX_EXAMPLE_CHARS);
            match text {
                Some(text) if !text.trim().is_empty() => check_template(&of_example, key, text, declared),
                None if of_example.has(key) => {}
                _ => of_example.error(
                    key,
                    "This is missing or empty; write a question as `user`, its answer as `assistant`.",
                ),
            }
            text.unwrap_or_default().to_owned()
        };
        examples.push(Example {
            user: side("user"),
            assistant: side("assistant"),
        });
        of_example.finish();
    }
    examples
}
