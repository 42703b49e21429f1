//! What visitors think of answers: checked, counted against the limits, kept with the answer.

use atthene_protocol::visitor::MessageFeedback;

use super::Conversations;
use crate::domain::error::Error;
use crate::domain::limits::Author;
use crate::model::conversation::{Feedback, Session};
use crate::store::Rated;

/// The longest comment, in Unicode characters.
const COMMENT_CHARS: usize = 2_000;

impl Conversations {
    /// Keeps what a visitor thinks of an answer in their own session, in the place of what they thought before. Answers
    /// what is kept now.
    ///
    /// # Errors
    /// `Invalid` for what cannot be rated or said, `Conflict` for an answer that is not complete, `NotFound`,
    /// `RateLimited`, `ShuttingDown`, `Internal`.
    pub async fn rate_answer(
        &self,
        session: &Session,
        author: &Author,
        given: MessageFeedback,
    ) -> Result<MessageFeedback, Error> {
        let _work = self.begin_work()?;
        let given = checked(given)?;
        self.limits.rate_answer(author).await?;
        let feedback = given.rating.map(|rating| Feedback {
            rating,
            comment: given.comment.clone(),
        });
        let rated = self
            .store
            .rate_answer(
                &session.workspace,
                &session.id,
                &given.message_id,
                feedback.as_ref(),
                self.clock.now(),
            )
            .await?;
        match rated {
            Rated::Kept => {
                let word = given.rating.map_or("taken_back", |rating| rating.as_str());
                self.metrics.feedback(word);
                Ok(given)
            }
            Rated::NoMessage => Err(Error::NotFound("There is no such message in this conversation.")),
            Rated::NoAnswer => Err(Error::Invalid {
                code: "not_an_answer",
                message: "Only answers of the assistant can be rated; this message is the visitor's own.".to_owned(),
            }),
            Rated::NotComplete => Err(Error::Conflict {
                code: "not_complete",
                message: "Only a complete answer can be rated; this one is still being written, or was cut off.",
            }),
        }
    }
}

/// The same without a blank comment, if it can be kept.
fn checked(mut given: MessageFeedback) -> Result<MessageFeedback, Error> {
    given.comment = given.comment.filter(|comment| !comment.trim().is_empty());
    let Some(comment) = &given.comment else {
        return Ok(given);
    };
    if given.rating.is_none() {
        return Err(Error::Invalid {
            code: "comment_without_rating",
            message: "A `comment` belongs to a `rating`: send \"up\" or \"down\" with it.".to_owned(),
        });
    }
    let chars = comment.chars().count();
    if chars > COMMENT_CHARS {
        return Err(Error::Invalid {
            code: "comment_length",
            message: format!("`comment` may have at most {COMMENT_CHARS} characters; this one has {chars}."),
        });
    }
    Ok(given)
}
