//! A run as the core takes it. Pure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::types::{InputMessage, ResumeEntry, ResumeStatus, RunInput};
use crate::domain::conversation::IMAGE_TYPES;
use crate::domain::error::Error;
use crate::domain::visitors::hash_secret;
use crate::model::conversation::Block;

/// The longest id of a thread and of a run, in bytes.
const MAX_ID_BYTES: usize = 256;
/// At most so many images come with one message.
const MAX_IMAGES: usize = 20;
/// Where an answer's text may stand in an object, the first of them that is there.
const ANSWER_FIELDS: [&str; 6] = ["answer", "content", "text", "value", "response", "choice"];

/// What a run asks for.
#[derive(Debug, PartialEq)]
pub enum Asked {
    /// An answer to a message.
    Message {
        /// Follows from the message: the same again is the same message.
        client_id: String,
        /// Its words.
        text: String,
        /// Its images.
        blocks: Vec<Block>,
    },
    /// That the conversation goes on with the answer to a question.
    Answer {
        /// The question.
        interrupt_id: String,
        /// The answer.
        content: String,
    },
    /// That nobody waits for an answer any more.
    Cancel {
        /// The question.
        interrupt_id: String,
    },
}

/// Reads what is asked: a `resume`, else the last message of the user.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn asked(input: &RunInput) -> Result<Asked, Error> {
    for (name, id) in [("threadId", &input.thread_id), ("runId", &input.run_id)] {
        if id.trim().is_empty() || id.len() > MAX_ID_BYTES {
            return Err(wrong(format!(
                "`{name}` has 1 to {MAX_ID_BYTES} bytes; this one has {}.",
                id.len()
            )));
        }
    }
    match input.resume.as_deref().unwrap_or_default() {
        [] => message(&input.messages),
        [entry] => resume(entry),
        _ => Err(wrong("`resume` has one entry: one question is open at a time.")),
    }
}

/// Values for the agent's variables.
///
/// # Errors
/// `Invalid`.
pub fn inputs(input: &RunInput) -> Result<Map<String, Value>, Error> {
    match input.forwarded_props.get("inputs") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(inputs)) => Ok(inputs.clone()),
        Some(_) => Err(wrong("`forwardedProps.inputs` is an object: {\"name\": value}.")),
    }
}

/// What the client holds of a message already.
pub fn known_text<'a>(input: &'a RunInput, message_id: &str) -> &'a str {
    let known = input.messages.iter().rev().find(|message| message.id == message_id);
    known.and_then(|message| message.content.as_str()).unwrap_or_default()
}

fn message(messages: &[InputMessage]) -> Result<Asked, Error> {
    if messages.iter().any(|message| message.id.is_empty()) {
        return Err(wrong("Each of `messages` has an `id` of its own."));
    }
    let last = messages.iter().rev().find(|message| message.role == "user");
    let last = last.ok_or_else(|| wrong("`messages` holds no message of the role user, and there is no `resume`."))?;
    let (mut text, mut blocks) = (String::new(), Vec::new());
    match &last.content {
        Value::String(words) => text.clone_from(words),
        Value::Array(parts) => {
            for (index, part) in parts.iter().enumerate() {
                read_part(part, &mut text, &mut blocks)
                    .map_err(|problem| wrong(format!("`content[{index}]` of the last message: {problem}")))?;
            }
        }
        _ => return Err(wrong("`content` of the last message is text or a list of parts.")),
    }
    if blocks.len() > MAX_IMAGES {
        return Err(wrong(format!("At most {MAX_IMAGES} images come with one message.")));
    }
    // With the words in it: clients that number their messages anew for each run still ask a new question.
    let client_id = format!("msg_{}", hash_secret(&format!("{}\0{}", last.id, last.content)));
    Ok(Asked::Message {
        client_id,
        text,
        blocks,
    })
}

fn read_part(part: &Value, text: &mut String, blocks: &mut Vec<Block>) -> Result<(), String> {
    match part["type"].as_str() {
        Some("text") => {
            let more = part["text"].as_str().ok_or("a text part has its words in `text`.")?;
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(more);
        }
        Some("image") => {
            let source = &part["source"];
            blocks.push(image(source["value"].as_str(), source["mimeType"].as_str())?);
        }
        // What images were before 1.0.
        Some("binary") => {
            let value = part["data"].as_str().or(part["url"].as_str());
            blocks.push(image(value, part["mimeType"].as_str())?);
        }
        _ => return Err("a part is of the type text or image.".to_owned()),
    }
    Ok(())
}

/// An image by its address or as base64 with its type.
fn image(value: Option<&str>, media_type: Option<&str>) -> Result<Block, String> {
    let value = value.ok_or("an image has its `source.value`.")?;
    if value.starts_with("https://") || value.starts_with("http://") {
        return Ok(Block::ImageAt { url: value.to_owned() });
    }
    let (media_type, data) = match value.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
        Some((media_type, data)) => (media_type, data),
        None => (media_type.unwrap_or_default(), value),
    };
    let media_type = media_type.to_ascii_lowercase();
    if !IMAGE_TYPES.contains(&media_type.as_str()) {
        return Err(format!("an image is one of {}.", IMAGE_TYPES.join(", ")));
    }
    let bytes = STANDARD.decode(data.trim()).ok().filter(|bytes| !bytes.is_empty());
    let bytes = bytes.ok_or("the image is not base64.")?;
    Ok(Block::Image {
        media_type,
        data: STANDARD.encode(bytes),
    })
}

fn resume(entry: &ResumeEntry) -> Result<Asked, Error> {
    let interrupt_id = entry.interrupt_id.clone();
    if entry.status == ResumeStatus::Cancelled {
        return Ok(Asked::Cancel { interrupt_id });
    }
    let content = answer(&entry.payload).or_else(|| {
        let object = entry.payload.as_object()?;
        ANSWER_FIELDS.iter().find_map(|name| answer(object.get(*name)?))
    });
    let content = content.ok_or_else(|| {
        wrong(
            "`resume[0].payload` is the answer: text, a number, true or false, or {\"answer\": ...} with one of them.",
        )
    })?;
    Ok(Asked::Answer { interrupt_id, content })
}

fn answer(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::Invalid {
        code: "run_input",
        message: message.into(),
    }
}

#[cfg(test)]
mod tests;
