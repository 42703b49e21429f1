//! The way in: a text at once, or a stream that grows. It cuts lines and decides what must be read again; what the lines
//! mean is `block`'s and `inline`'s matter.

use super::block::Blocks;
use super::inline;
use super::reference::References;
use super::tree::Node;
use crate::scan::{byte, find, is_one_of, last_line, part, tail};

/// Parses a whole text.
pub fn parse(text: &str) -> Vec<Node> {
    Stream::of(text).nodes
}

/// What [`Stream::append`] changed.
pub struct Change {
    /// The first top-level block that may differ; all before it stay as they are.
    pub from: usize,
    /// The blocks that stood from there on.
    pub old: Vec<Node>,
}

/// A text that grows, and its tree. Only what later text can still change is read again.
#[derive(Default)]
pub struct Stream {
    text: String,
    nodes: Vec<Node>,
    /// So many blocks are finished; the text of the others begins at `start`.
    finished: usize,
    start: usize,
    references: References,
}

impl Stream {
    /// A text that is there already; more may follow.
    pub fn of(text: &str) -> Self {
        let mut stream = Self::default();
        stream.text.push_str(text);
        stream.finish();
        stream
    }

    /// The tree alone.
    pub fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }

    /// The tree so far.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Adds text. What can't be judged before its line is complete (`-`: an item, a rule, an underline?) waits.
    pub fn append(&mut self, delta: &str) -> Change {
        self.text.push_str(delta);
        self.read(self.text.len() - undecided(&self.text))
    }

    /// The text is complete: what waited is read too.
    pub fn finish(&mut self) -> Change {
        self.read(self.text.len())
    }

    fn read(&mut self, end: usize) -> Change {
        let had_open = self.references.forget_from(self.start);
        let from = self.finished;
        let mut old = self.nodes.split_off(from);
        let has_open = self.read_from_start(end);
        // A definition counts for the whole text, so one that came or changed may concern finished blocks.
        if from > 0 && (had_open || has_open) && self.references.are_asked {
            self.references.forget_from(0);
            (self.start, self.finished) = (0, 0);
            let mut all = std::mem::take(&mut self.nodes);
            all.truncate(from);
            all.append(&mut old);
            self.read_from_start(end);
            return Change { from: 0, old: all };
        }
        Change { from, old }
    }

    /// Reads what is not finished; whether link definitions were found there.
    fn read_from_start(&mut self, end: usize) -> bool {
        let before = self.references.len();
        let base = self.finished;
        let text = part(&self.text, 0, end);
        let mut blocks = Blocks::new(&mut self.references);
        let mut at = self.start;
        while at < end {
            if let Some(closed) = blocks.begin_line(at) {
                (self.start, self.finished) = (at, base + closed);
            }
            let line_end = find(text, at, b"\n\r");
            blocks.add_line(part(text, at, line_end));
            at = line_end + 1 + usize::from(byte(text, line_end) == b'\r' && byte(text, line_end + 1) == b'\n');
        }
        let mut nodes = blocks.finish();
        inline::fill(&mut nodes, &mut self.references);
        self.nodes.append(&mut nodes);
        self.references.len() > before
    }
}

/// The length of an incomplete last line that holds nothing but characters of markers.
fn undecided(text: &str) -> usize {
    let line = tail(text, last_line(text));
    if line
        .bytes()
        .all(|found| is_one_of(found, b" \t-=*_+#>|:~`.)0123456789"))
    {
        line.len()
    } else {
        0
    }
}
