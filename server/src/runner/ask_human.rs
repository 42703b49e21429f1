//! The tool `ask_human`: a model asks whoever it talks to, with or without answers to choose from. Pure.

use serde::Deserialize;
use serde_json::json;

use crate::llm::ModelTool;

/// The name of the tool.
pub const NAME: &str = "ask_human";

/// The longest question, in characters.
const QUESTION_CHARS: usize = 2_000;
/// The most answers to choose from, and the longest of them, in characters.
const MAX_CHOICES: usize = 12;
const CHOICE_CHARS: usize = 200;

/// A question to a human.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The model's own id for the call.
    pub call_id: String,
    /// The question.
    pub question: String,
    /// Answers to choose from.
    pub choices: Vec<String>,
}

#[derive(Deserialize)]
struct Arguments {
    question: String,
    #[serde(default)]
    choices: Option<Vec<String>>,
}

/// The tool, as a model is told of it.
pub(super) fn tool() -> ModelTool {
    ModelTool {
        name: NAME,
        description: "Asks the person in this conversation one question and waits for the answer. Call it when you cannot \
                      go on without knowing something that only they can tell, and give choices where there are few.",
        parameters: json!({
            "type": "object",
            "properties": {
                "question": { "type": "string", "description": "The question, in the person's language." },
                "choices": {
                    "type": "array",
                    "items": { "type": "string" },
                    "description": "Answers to choose from; any other answer can be given as well.",
                },
            },
            "required": ["question"],
        }),
    }
}

/// The arguments of a call, as JSON.
pub fn arguments(question: &str, choices: &[String]) -> String {
    let mut arguments = json!({ "question": question });
    if !choices.is_empty() {
        arguments["choices"] = json!(choices);
    }
    arguments.to_string()
}

/// Reads a call.
///
/// # Errors
/// What the model must do otherwise, as it is told.
pub(super) fn read(call_id: String, arguments: &str) -> Result<Question, String> {
    let read: Arguments = serde_json::from_str(arguments)
        .map_err(|error| format!("The arguments are not {{\"question\": text, \"choices\"?: [text]}}: {error}."))?;
    let question = read.question.trim();
    let chars = question.chars().count();
    if !(1..=QUESTION_CHARS).contains(&chars) {
        return Err(format!(
            "`question` has 1 to {QUESTION_CHARS} characters; this one has {chars}."
        ));
    }
    let mut choices: Vec<String> = Vec::new();
    for choice in read.choices.unwrap_or_default() {
        let choice = choice.trim();
        if !choice.is_empty() && !choices.iter().any(|known| known == choice) {
            choices.push(choice.to_owned());
        }
    }
    if choices.len() > MAX_CHOICES || choices.iter().any(|choice| choice.chars().count() > CHOICE_CHARS) {
        return Err(format!(
            "There are at most {MAX_CHOICES} `choices` of at most {CHOICE_CHARS} characters each."
        ));
    }
    Ok(Question {
        call_id,
        question: question.to_owned(),
        choices,
    })
}

#[cfg(test)]
mod tests;
