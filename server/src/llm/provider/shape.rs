//! A question in the library's words. What a vendor would refuse or the library would leave out in silence is refused
//! here, with the reason.

use rig_core::completion::{AssistantContent, AssistantMessage, CompletionRequest, ToolDefinition};
use rig_core::message::{CallId, ImageMediaType, Message, MimeType, ToolName, UserContent};
use std::sync::Arc;

use super::super::{ModelCall, ModelError, ModelErrorKind, ModelImage, ModelMessage, ModelRequest, ModelTool};
use crate::config::ProviderKind;
use crate::model::conversation::Role;

/// Shapes the question for the vendor's model `name`.
pub(super) fn question(
    kind: ProviderKind,
    name: &str,
    request: &ModelRequest,
) -> Result<CompletionRequest, ModelError> {
    // Gemini takes the name as a part of the address.
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    if kind == ProviderKind::Gemini && (!name.chars().all(is_plain) || name.contains("..")) {
        return Err(refused("a Gemini model's name has letters, digits, hyphens and dots"));
    }
    let Some((last, earlier)) = request.messages.split_last() else {
        return Err(refused("there is no question"));
    };
    let mut before: Option<&ModelMessage> = None;
    let mut shaped_earlier = Vec::with_capacity(earlier.len());
    for message in earlier {
        shaped_earlier.push(shaped(kind, message, before)?);
        before = Some(message);
    }
    let tools = request.tools.iter().map(defined).collect::<Result<Vec<_>, _>>()?;
    let mut question = CompletionRequest::new(shaped(kind, last, before)?)
        .messages(shaped_earlier)
        .temperature(request.temperature)
        .max_tokens(request.max_tokens.map(u64::from));
    question.tools = tools;
    if !request.system.is_empty() {
        question = question.preamble(request.system.clone());
    }
    Ok(question)
}

fn defined(tool: &ModelTool) -> Result<Arc<ToolDefinition>, ModelError> {
    let name = name_of(tool.name)?;
    Ok(Arc::new(ToolDefinition::new(
        name,
        tool.description,
        tool.parameters.clone(),
    )))
}

fn name_of(name: &str) -> Result<ToolName, ModelError> {
    ToolName::new(name).map_err(|_| refused("a tool has a name"))
}

/// `before` is the message before it: the result of a call goes by the call's name.
fn shaped(kind: ProviderKind, message: &ModelMessage, before: Option<&ModelMessage>) -> Result<Message, ModelError> {
    if message.role == Role::Assistant {
        return match &message.call {
            Some(call) => called(call),
            None => Ok(Message::assistant(message.content.clone())),
        };
    }
    let call = before.and_then(|before| before.call.as_ref());
    if let Some(call) = call.filter(|call| message.answers.as_ref() == Some(&call.id)) {
        let id = CallId::from_wire(call.id.clone());
        return Ok(Message::tool_result(id, name_of(&call.name)?, message.content.clone()));
    }
    let mut content = Vec::new();
    for image in &message.images {
        content.push(shown(kind, image)?);
    }
    if !message.content.is_empty() || content.is_empty() {
        content.push(UserContent::text(message.content.clone()));
    }
    Ok(Message::User { content })
}

/// What the model wrote, and the call with which it ended.
fn called(call: &ModelCall) -> Result<Message, ModelError> {
    let mut content = Vec::new();
    if !call.said.is_empty() {
        content.push(AssistantContent::text(call.said.clone()));
    }
    let arguments = serde_json::from_str(&call.arguments).unwrap_or_default();
    content.push(AssistantContent::tool_call(
        call.id.clone(),
        name_of(&call.name)?,
        arguments,
    ));
    Ok(Message::Assistant(AssistantMessage::new(content)))
}

/// An image as this kind of vendor takes it.
fn shown(kind: ProviderKind, image: &ModelImage) -> Result<UserContent, ModelError> {
    match image {
        ModelImage::Url(_) if kind == ProviderKind::Gemini => {
            Err(cannot_see("Gemini takes an image as data, not as an address"))
        }
        ModelImage::Url(url) if !url.starts_with("https://") => {
            Err(cannot_see("an image's address begins with https://"))
        }
        ModelImage::Url(url) => Ok(UserContent::image_url(url.clone(), None, None)),
        ModelImage::Data { media_type, base64 } => {
            use ImageMediaType::{GIF, JPEG, PNG, WEBP};
            let media_type = ImageMediaType::from_mime_type(media_type)
                .filter(|media_type| matches!(media_type, JPEG | PNG | GIF | WEBP))
                .ok_or_else(|| cannot_see("an image is image/png, image/jpeg, image/gif or image/webp"))?;
            if kind == ProviderKind::Gemini && media_type == GIF {
                return Err(cannot_see("Gemini takes image/png, image/jpeg and image/webp"));
            }
            Ok(UserContent::image_base64(base64.clone(), Some(media_type), None))
        }
    }
}

fn refused(detail: &str) -> ModelError {
    ModelError {
        kind: ModelErrorKind::Refused,
        detail: detail.to_owned(),
        retry_after_ms: None,
        vendor: None,
    }
}

fn cannot_see(detail: &str) -> ModelError {
    ModelError {
        kind: ModelErrorKind::CannotSee,
        detail: detail.to_owned(),
        retry_after_ms: None,
        vendor: None,
    }
}
