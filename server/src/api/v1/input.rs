//! The content of an execution: text, blocks or a form, brought to one text with images and documents beside it. Pure but
//! for reading the form.

use axum::extract::{FromRequest, Multipart, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::types::Execute;
use crate::domain::conversation::IMAGE_TYPES;
use crate::domain::error::Error;
use crate::http::extract::json::{Document, malformed, too_large};
use crate::http::problem::Failure;
use crate::model::conversation::Block;
use crate::state::AppState;

/// At most so many images and documents come with one message.
const MAX_BLOCKS: usize = 20;
const TEXT_TYPES: [&str; 7] = [
    "application/json",
    "application/yaml",
    "application/x-yaml",
    "application/xml",
    "application/toml",
    "application/csv",
    "application/javascript",
];

/// What is said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The text.
    pub text: String,
    /// Images and documents.
    pub blocks: Vec<Block>,
}

/// Reads the body of an execution: JSON, YAML or a form.
///
/// # Errors
/// 400, 413, 415, 422.
pub async fn read(request: Request, state: &AppState) -> Result<(Execute, Vec<Block>), Failure> {
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("multipart/form-data")
        });
    if is_form {
        return read_form(request, state).await;
    }
    let body = Document::from_request(request, state).await?;
    Ok((body.into()?, Vec::new()))
}

/// A form: `content`, `correlation_id` and `inputs` as fields, everything with a file name as an image or a document.
async fn read_form(request: Request, state: &AppState) -> Result<(Execute, Vec<Block>), Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        malformed("malformed_form", error.body_text())
    };
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(|rejection| malformed("malformed_form", rejection.body_text()))?;
    let mut execute = Execute {
        content: Value::String(String::new()),
        correlation_id: None,
        inputs: None,
    };
    let mut blocks = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        if let Some(filename) = file {
            blocks.push(block(&media_type, filename, &bytes)?);
            continue;
        }
        let text = String::from_utf8(bytes.to_vec())
            .map_err(|_| malformed("not_utf8", format!("The field `{name}` is not UTF-8.")))?;
        match name.as_str() {
            "content" => execute.content = content_of_form(text),
            "correlation_id" => execute.correlation_id = Some(text),
            "inputs" => {
                let inputs = serde_json::from_str(&text).map_err(|error| {
                    malformed("malformed_json", format!("The field `inputs` is not JSON: {error}."))
                })?;
                execute.inputs = Some(inputs);
            }
            _ => {}
        }
    }
    Ok((execute, blocks))
}

/// A list of blocks may stand in the field, too.
fn content_of_form(text: String) -> Value {
    match serde_json::from_str(&text) {
        Ok(value @ Value::Array(_)) => value,
        _ => Value::String(text),
    }
}

/// The content of a body.
///
/// # Errors
/// `Malformed`, naming the block that is wrong.
pub fn read_content(content: &Value, more: Vec<Block>) -> Result<Content, Error> {
    let mut read = Content {
        text: String::new(),
        blocks: more,
    };
    match content {
        Value::String(text) => read.text.clone_from(text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                read_block(item, &mut read)
                    .map_err(|problem| Error::malformed("content", format!("content[{index}]: {problem}")))?;
            }
        }
        _ => {
            return Err(Error::malformed(
                "content",
                "`content` is text, or a list of blocks such as {\"type\":\"text\",\"text\":\"Hello\"}.",
            ));
        }
    }
    if read.blocks.len() > MAX_BLOCKS {
        return Err(Error::malformed(
            "content",
            format!("At most {MAX_BLOCKS} images and documents come with one message."),
        ));
    }
    Ok(read)
}

fn read_block(item: &Value, read: &mut Content) -> Result<(), String> {
    match item["type"].as_str() {
        Some("text") => {
            let text = item["text"].as_str().ok_or("a text block has its words in `text`.")?;
            if !read.text.is_empty() {
                read.text.push_str("\n\n");
            }
            read.text.push_str(text);
        }
        Some("image_url") => {
            let url = item["image_url"]["url"].as_str().or(item["image_url"].as_str());
            let url = url.ok_or("an image block has its address in `image_url.url`.")?;
            if !url.starts_with("data:") {
                read.blocks.push(Block::ImageAt { url: url.to_owned() });
                return Ok(());
            }
            let (media_type, bytes) = data_url(url)?;
            let media_type = IMAGE_TYPES
                .into_iter()
                .find(|known| *known == media_type)
                .ok_or_else(|| format!("an image is one of {}.", IMAGE_TYPES.join(", ")))?;
            read.blocks.push(Block::Image {
                media_type: media_type.to_owned(),
                data: STANDARD.encode(bytes),
            });
        }
        Some("file") => {
            let data = item["file"]["file_data"].as_str();
            let data = data.ok_or("a file block has its bytes in `file.file_data`, as a data: URL or base64.")?;
            let filename = item["file"]["filename"].as_str().unwrap_or("document").to_owned();
            let (media_type, bytes) = match data_url(data) {
                Ok(read) => read,
                Err(_) if !data.starts_with("data:") => {
                    let bytes = STANDARD.decode(data).map_err(|_| "`file.file_data` is not base64.")?;
                    (String::new(), bytes)
                }
                Err(problem) => return Err(problem),
            };
            read.blocks
                .push(block(&media_type, filename, &bytes).map_err(|failure| failure.message)?);
        }
        _ => return Err("a block is of the type text, image_url or file.".to_owned()),
    }
    Ok(())
}

/// `data:image/png;base64,...` (RFC 2397).
fn data_url(url: &str) -> Result<(String, Vec<u8>), String> {
    const FORM: &str = "write the bytes themselves as data:image/png;base64,...";
    let rest = url.strip_prefix("data:").ok_or(FORM)?;
    let (head, data) = rest.split_once(',').ok_or(FORM)?;
    let head = head.strip_suffix(";base64").ok_or(FORM)?;
    let media_type = head.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let bytes = STANDARD
        .decode(data.trim())
        .map_err(|_| "what stands after base64, is not base64.")?;
    if bytes.is_empty() {
        return Err("there are no bytes in it.".to_owned());
    }
    Ok((media_type, bytes))
}

/// An image, or a document that can be read as text; anything else no model of ours is shown.
fn block(media_type: &str, filename: String, bytes: &[u8]) -> Result<Block, Failure> {
    let media_type = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if IMAGE_TYPES.contains(&media_type.as_str()) {
        return Ok(Block::Image {
            media_type,
            data: STANDARD.encode(bytes),
        });
    }
    let is_text = media_type.starts_with("text/") || TEXT_TYPES.contains(&media_type.as_str());
    let is_unknown = media_type.is_empty() || media_type == "application/octet-stream";
    match std::str::from_utf8(bytes) {
        Ok(text) if (is_text || is_unknown) && !text.contains('\0') => Ok(Block::Document {
            filename: filename
                .chars()
                .filter(|c| !c.is_control() && !"<>\"".contains(*c))
                .take(200)
                .collect(),
            text: text.to_owned(),
        }),
        _ => Err(malformed(
            "unreadable_document",
            format!(
                "The file `{filename}` cannot be read: images ({}) and documents that are text (UTF-8) can.",
                IMAGE_TYPES.join(", ")
            ),
        )),
    }
}
