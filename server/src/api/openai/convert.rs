//! This dialect's request as the core takes it. Pure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::types::Request;
use crate::domain::agents::FieldNote;
use crate::domain::conversation::{GivenMessage, IMAGE_TYPES, Once};
use crate::domain::error::Error;
use crate::model::conversation::{Block, Role};

const MAX_MESSAGES: usize = 1_000;
const MAX_TEMPERATURE: f64 = 2.0;

/// The request in the core's words.
///
/// # Errors
/// `Malformed`, with the field.
pub fn once(request: &Request, most_chars: u32) -> Result<Once, Error> {
    if request.tools.as_ref().is_some_and(|tools| !tools.is_empty()) {
        return Err(wrong(
            "tools",
            "Tools of the caller cannot be called yet; leave `tools` out.",
        ));
    }
    if request.n.is_some_and(|count| count != 1) {
        return Err(wrong("n", "One answer at a time: leave `n` out."));
    }
    if request
        .temperature
        .is_some_and(|value| !(0.0..=MAX_TEMPERATURE).contains(&value))
    {
        return Err(wrong("temperature", "`temperature` is a number from 0 to 2."));
    }
    let max_tokens = request.max_completion_tokens.or(request.max_tokens);
    if max_tokens == Some(0) {
        return Err(wrong("max_tokens", "`max_tokens` is a whole number from 1 on."));
    }
    if request.messages.len() > MAX_MESSAGES {
        return Err(wrong("messages", &format!("At most {MAX_MESSAGES} messages are read.")));
    }
    let mut once = Once {
        temperature: request.temperature,
        max_tokens,
        ..Once::default()
    };
    for (index, message) in request.messages.iter().enumerate() {
        let field = format!("messages[{index}]");
        let (text, images) = content(&message.content, &format!("{field}.content"))?;
        let role = match message.role.as_str() {
            "system" | "developer" => {
                if !once.instructions.is_empty() {
                    once.instructions.push_str("\n\n");
                }
                once.instructions.push_str(&text);
                continue;
            }
            "user" => Role::User,
            "assistant" => Role::Assistant,
            _ => {
                let right = "A role is system, developer, user or assistant.";
                return Err(wrong(&format!("{field}.role"), right));
            }
        };
        once.messages.push(GivenMessage { role, text, images });
    }
    let Some(question) = once.messages.last().filter(|last| last.role == Role::User) else {
        return Err(wrong("messages", "The last message must be the user's."));
    };
    let chars = question.text.chars().count();
    if (question.text.trim().is_empty() && question.images.is_empty()) || chars > most_chars as usize {
        return Err(wrong(
            "messages",
            &format!("The last message must have 1 to {most_chars} characters and not be blank; it has {chars}."),
        ));
    }
    Ok(once)
}

type Images = Vec<Block>;

fn content(content: &Value, field: &str) -> Result<(String, Images), Error> {
    let parts = match content {
        Value::String(text) => return Ok((text.clone(), Vec::new())),
        Value::Null => return Ok((String::new(), Vec::new())),
        Value::Array(parts) => parts,
        _ => return Err(wrong(field, "`content` is text or a list of parts.")),
    };
    let (mut text, mut images) = (String::new(), Vec::new());
    for (index, part) in parts.iter().enumerate() {
        let field = format!("{field}[{index}]");
        match part["type"].as_str() {
            Some("text") => {
                let more = part["text"].as_str();
                let more = more.ok_or_else(|| wrong(&field, "A text part has its words in `text`."))?;
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(more);
            }
            Some("image_url") => {
                let url = part["image_url"]["url"].as_str().unwrap_or_default();
                images.push(image(url).ok_or_else(|| {
                    wrong(
                        &field,
                        "`image_url.url` is the image itself, as data:image/png;base64,..., or its https:// address.",
                    )
                })?);
            }
            _ => return Err(wrong(&field, "A part is of the type text or image_url.")),
        }
    }
    Ok((text, images))
}

fn image(url: &str) -> Option<Block> {
    if url.starts_with("https://") {
        return Some(Block::ImageAt { url: url.to_owned() });
    }
    let (media_type, data) = url.strip_prefix("data:")?.split_once(";base64,")?;
    let media_type = media_type.to_ascii_lowercase();
    let bytes = STANDARD.decode(data.trim()).ok().filter(|bytes| !bytes.is_empty())?;
    IMAGE_TYPES.contains(&media_type.as_str()).then(|| Block::Image {
        media_type,
        data: STANDARD.encode(bytes),
    })
}

fn wrong(field: &str, message: &str) -> Error {
    let note = FieldNote {
        field: field.to_owned(),
        message: message.to_owned(),
    };
    Error::invalid_fields("invalid_value", message, vec![note])
}
