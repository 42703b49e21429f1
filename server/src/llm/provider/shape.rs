//! A question in the library's words. What a vendor would refuse or the library would leave out in silence is refused
//! here, with the reason.

use rig_core::completion::CompletionRequest;
use rig_core::message::{ImageMediaType, Message, MimeType, UserContent};

use super::super::{ModelError, ModelErrorKind, ModelImage, ModelMessage, ModelRequest};
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
    let earlier = earlier
        .iter()
        .map(|message| shaped(kind, message))
        .collect::<Result<Vec<Message>, ModelError>>()?;
    let mut question = CompletionRequest::new(shaped(kind, last)?)
        .messages(earlier)
        .temperature(request.temperature)
        .max_tokens(request.max_tokens.map(u64::from));
    if !request.system.is_empty() {
        question = question.preamble(request.system.clone());
    }
    Ok(question)
}

fn shaped(kind: ProviderKind, message: &ModelMessage) -> Result<Message, ModelError> {
    if message.role == Role::Assistant {
        return Ok(Message::assistant(message.content.clone()));
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
    }
}

fn cannot_see(detail: &str) -> ModelError {
    ModelError {
        kind: ModelErrorKind::CannotSee,
        detail: detail.to_owned(),
        retry_after_ms: None,
    }
}
