//! What a turn's model calls cost: as the vendor says, or by the length of the texts where it says nothing. A budget
//! that a silent vendor never uses up would be none.

use crate::runner::RunnerEvent;

/// A token is about so many characters of a European language; others have more tokens, never a quarter of them.
const CHARS_PER_TOKEN: u64 = 4;

/// The cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spending {
    reported: Option<(u64, u64)>,
    asked_chars: u64,
    said_chars: u64,
}

impl Spending {
    /// Takes in what the runner tells.
    pub(super) fn note(&mut self, event: &RunnerEvent) {
        match event {
            RunnerEvent::Asked(received) => {
                let said = received.messages.iter().map(|(_, text)| chars(text)).sum::<u64>();
                self.asked_chars += chars(&received.system) + said;
            }
            RunnerEvent::Text(text) => self.said_chars += chars(text),
            RunnerEvent::AskHuman(asked) => self.said_chars += chars(&asked.question),
            RunnerEvent::Usage {
                input_tokens,
                output_tokens,
            } => {
                let (input, output) = self.reported.unwrap_or_default();
                self.reported = Some((input + input_tokens, output + output_tokens));
            }
            _ => {}
        }
    }

    /// Input and output tokens as the vendor reported them.
    pub(super) fn reported(&self) -> (Option<u64>, Option<u64>) {
        self.reported.unzip()
    }

    /// Input and output tokens that count. Zeros are no report.
    pub(super) fn counted(&self) -> (u64, u64) {
        let estimate = || {
            (
                self.asked_chars.div_ceil(CHARS_PER_TOKEN),
                self.said_chars.div_ceil(CHARS_PER_TOKEN),
            )
        };
        match self.reported {
            Some((input, output)) if input + output > 0 => (input, output),
            _ => estimate(),
        }
    }

    /// Both together.
    pub(super) fn tokens(&self) -> u64 {
        let (input, output) = self.counted();
        input.saturating_add(output)
    }
}

fn chars(text: &str) -> u64 {
    u64::try_from(text.chars().count()).unwrap_or(u64::MAX)
}
