//! Kept messages as a model reads them again.

use super::images::model_images;
use crate::llm::{ModelCall, ModelMessage};
use crate::model::conversation::{Asked, Block, Message};
use crate::runner::ask_human;

/// Documents are text, images stay images. A question to a human that was answered next is the call of the tool that it
/// was, and the answer is the tool's result; every other question is text.
pub(super) fn model_messages(messages: impl Iterator<Item = Message>) -> Vec<ModelMessage> {
    let mut recalled: Vec<ModelMessage> = Vec::new();
    let mut open: Option<Asked> = None;
    for message in messages {
        let asked = open.take().filter(|asked| answers(&message, asked));
        if let (Some(asked), Some(question)) = (&asked, recalled.last_mut()) {
            question.call = Some(call_of(asked));
        }
        open = message.blocks.iter().find_map(|block| match block {
            Block::Asked(asked) => Some(asked.clone()),
            _ => None,
        });
        recalled.push(ModelMessage {
            answers: asked.map(|asked| asked.call_id),
            ..model_message(message)
        });
    }
    recalled
}

fn answers(message: &Message, asked: &Asked) -> bool {
    let answers_it =
        |block: &Block| matches!(block, Block::Answered { interrupt_id } if *interrupt_id == asked.interrupt_id);
    message.blocks.iter().any(answers_it)
}

fn model_message(message: Message) -> ModelMessage {
    let mut text = message.content;
    for block in &message.blocks {
        if let Block::Document {
            filename,
            text: document,
        } = block
        {
            text.push_str(&format!("\n\n<document name=\"{filename}\">\n{document}\n</document>"));
        }
    }
    ModelMessage {
        images: model_images(message.blocks),
        ..ModelMessage::text(message.role, text)
    }
}

fn call_of(asked: &Asked) -> ModelCall {
    ModelCall {
        id: asked.call_id.clone(),
        name: ask_human::NAME.to_owned(),
        arguments: ask_human::arguments(&asked.question, &asked.choices),
        said: asked.said.clone(),
    }
}
