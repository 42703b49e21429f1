//! Images that a message only names: fetched through the one egress client before anything is kept or asked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Conversations;
use crate::domain::error::Error;
use crate::llm::ModelImage;
use crate::model::conversation::Block;

/// What a model can be shown.
pub const IMAGE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

impl Conversations {
    /// Brings every image here; refuses where this model cannot see.
    ///
    /// # Errors
    /// `CannotSee`, `Malformed` where an image cannot be fetched.
    pub(super) async fn fetch_images(&self, model: &str, blocks: &mut [Block]) -> Result<(), Error> {
        let is_image = |block: &Block| matches!(block, Block::Image { .. } | Block::ImageAt { .. });
        if !blocks.iter().any(is_image) {
            return Ok(());
        }
        if !self.llm.can_see(model) {
            return Err(Error::CannotSee);
        }
        for block in blocks {
            let Block::ImageAt { url } = block else { continue };
            let fetched = self.egress.fetch(url).await.map_err(|problem| {
                Error::malformed("image_url", format!("An image could not be fetched: {problem}."))
            })?;
            if !IMAGE_TYPES.contains(&fetched.media_type.as_str()) {
                return Err(Error::malformed(
                    "image_url",
                    format!(
                        "What an image's address answered is no image of {}.",
                        IMAGE_TYPES.join(", ")
                    ),
                ));
            }
            *block = Block::Image {
                media_type: fetched.media_type,
                data: STANDARD.encode(fetched.bytes),
            };
        }
        Ok(())
    }
}

/// The images among the blocks, as a model takes them.
pub(super) fn model_images(blocks: Vec<Block>) -> Vec<ModelImage> {
    let images = blocks.into_iter().filter_map(|block| match block {
        Block::Image { media_type, data } => Some(ModelImage::Data {
            media_type,
            base64: data,
        }),
        Block::ImageAt { .. } | Block::Document { .. } | Block::Asked(_) | Block::Answered { .. } => None,
    });
    images.collect()
}
