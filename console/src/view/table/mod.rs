//! A list with columns. On a narrow screen it scrolls sideways inside its frame.

use crate::prelude::*;

/// The frame, the heads of the columns, and the rows that are given.
#[component]
pub fn Table(
    /// What it lists, for screen readers.
    #[prop(into)]
    caption: String,
    /// The heads of the columns; an empty one has a column of buttons.
    columns: Vec<&'static str>,
    /// The rows, each a `tr`.
    children: Children,
) -> impl IntoView {
    let label = caption.clone();
    let heads = columns.into_iter().map(|head| {
        if head.is_empty() {
            view! { <td>{""}</td> }
        } else {
            view! { <th scope="col">{head}</th> }
        }
    });
    view! {
        <div class="table" role="region" tabindex="0" aria-label=label>
            <table>
                <caption class="sr">{caption}</caption>
                <thead>
                    <tr>{heads.collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
