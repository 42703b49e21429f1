//! A frame around what belongs together, and a frame around one figure.

use super::pill::Tone;
use super::plot::spark;
use crate::prelude::*;

/// A frame with a heading.
#[component]
pub fn Card(
    /// The heading; none where the content has its own.
    #[prop(optional, into)]
    title: String,
    /// What it is about.
    #[prop(optional, into)]
    about: String,
    /// What can be done with it, at the right of the heading.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let (has_title, has_about) = (!title.is_empty(), !about.is_empty());
    view! {
        <section class="card">
            {has_title
                .then(|| {
                    view! {
                        <div class="card-head">
                            <div>
                                <h2>{title}</h2>
                                {has_about.then(|| view! { <p class="quiet">{about}</p> })}
                            </div>
                            {actions}
                        </div>
                    }
                })}
            {children()}
        </section>
    }
}

/// One figure with its course.
#[component]
pub fn Stat(
    /// What it counts.
    #[prop(into)]
    label: String,
    /// The figure, unit included.
    #[prop(into)]
    figure: String,
    /// By how much it has changed, and whether that is good.
    #[prop(optional_no_strip)]
    change: Option<(String, Tone)>,
    /// Its course, oldest first.
    values: Vec<u64>,
    /// The colour of the course.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    view! {
        <div class="stat">
            <p>{label}</p>
            <b>{figure}</b>
            {change.map(|(text, tone)| view! { <em class=tone.class()>{text}</em> })}
            {spark(&values, tone)}
        </div>
    }
}
