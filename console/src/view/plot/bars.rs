//! Bars over time. Each bar has its figure as a title; the same figures are in a table that can be opened.

use crate::prelude::*;
use crate::state::words;

const WIDTH: u64 = 720;
const HEIGHT: u64 = 160;
/// Between two bars.
const GAP: u64 = 3;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// When.
    pub label: String,
    /// How much.
    pub value: u64,
    /// The same as it is said.
    pub text: String,
}

/// The bars with their name and one sentence that says what they show.
#[component]
pub fn Bars(
    /// What is counted.
    #[prop(into)]
    title: String,
    /// What one would see.
    #[prop(into)]
    summary: String,
    /// Oldest first.
    bars: Vec<Bar>,
) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let step = WIDTH / (bars.len() as u64).max(1);
    let drawn = bars.iter().enumerate().map(|(index, bar)| {
        let height = (bar.value * HEIGHT / most).max(u64::from(bar.value > 0) * 2);
        let said = format!("{}: {}", bar.label, bar.text);
        view! {
            <rect
                x=(index as u64 * step).to_string()
                y=(HEIGHT - height).to_string()
                width=step.saturating_sub(GAP).max(1).to_string()
                height=height.to_string()
                rx="2"
            >
                <title>{said}</title>
            </rect>
        }
    });
    let drawn = drawn.collect_view();
    let (first, last) = (
        bars.first().map(|bar| bar.label.clone()),
        bars.last().map(|bar| bar.label.clone()),
    );
    let highest = bars.iter().max_by_key(|bar| bar.value).map(|bar| bar.text.clone());
    let rows = bars.into_iter().map(|bar| {
        view! {
            <tr>
                <th scope="row">{bar.label}</th>
                <td class="end">{bar.text}</td>
            </tr>
        }
    });
    let caption = title.clone();
    view! {
        <figure class="plot">
            <figcaption>
                <h3>{title}</h3>
                <p class="quiet">{summary}</p>
            </figcaption>
            <div class="plot-area">
                <span class="plot-most">{highest}</span>
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    {drawn}
                </svg>
                <div class="plot-ends">
                    <span>{first}</span>
                    <span>{last}</span>
                </div>
            </div>
            <details>
                <summary>{words().general.as_table}</summary>
                <div class="table" role="region" tabindex="0" aria-label=caption>
                    <table>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
}
