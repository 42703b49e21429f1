//! Courses: a small line beside a figure, and bars over time with a table for those who cannot see them.

pub mod bars;

pub use bars::{Bar, Bars};

use super::pill::Tone;
use crate::prelude::*;

const WIDTH: u64 = 200;
const HEIGHT: u64 = 34;
/// Room for the width of the line at the top.
const TOP: u64 = 2;

/// The course of a figure. The figure itself stands beside it, so it is decoration.
pub fn spark(values: &[u64], tone: Tone) -> impl IntoView + use<> {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let last = values.len().saturating_sub(1).max(1) as u64;
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let (x, y) = (
                index as u64 * WIDTH / last,
                HEIGHT - TOP - value * (HEIGHT - 2 * TOP) / most,
            );
            format!("{x},{y}")
        })
        .collect();
    let line = points.join(" ");
    let area = format!("0,{HEIGHT} {line} {WIDTH},{HEIGHT}");
    let has_course = values.len() > 1;
    view! {
        <svg
            class=format!("spark {}", tone.class())
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            {has_course
                .then(|| {
                    view! {
                        <polygon points=area></polygon>
                        <polyline points=line></polyline>
                    }
                })}
        </svg>
    }
}
