//! What visitors think of answers: a drawing with its word, and what they wrote about it as the text that it is.

use crate::api::types::{Feedback, Ratings};
use crate::format::grouped;
use crate::prelude::*;
use crate::state::late_words as words;
use crate::state::state;
use crate::view::{Icon, icon};

/// Under an answer that somebody rated.
pub(super) fn opinion(feedback: &Feedback) -> Option<AnyView> {
    let is_up = feedback.is_up()?;
    let comment = feedback.comment.clone();
    let comment = comment.map(|comment| view! { <p class="comment" dir="auto">{comment}</p> });
    Some(view! {
        <p class=class(is_up)>{sign(is_up)}{words().conversations.rating(is_up)}</p>
        {comment}
    })
}

/// How many answers of a conversation helped, and how many did not; nothing where nobody said.
pub(super) fn counts(ratings: Ratings) -> impl IntoView {
    let locale = state().locale.get_untracked();
    let count = |is_up, count| {
        let word = words().conversations.rating(is_up);
        (count > 0).then(|| {
            view! {
                <span class=class(is_up) title=word>
                    {sign(is_up)}
                    {grouped(count, locale)}
                    <span class="sr">{" "}{word}</span>
                </span>
            }
        })
    };
    (count(true, ratings.up), count(false, ratings.down))
}

fn class(is_up: bool) -> &'static str {
    if is_up { "rating good" } else { "rating bad" }
}

fn sign(is_up: bool) -> impl IntoView {
    icon(if is_up { Icon::ThumbUp } else { Icon::ThumbDown })
}
