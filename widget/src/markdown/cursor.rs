//! A place in one line, counted in columns, since a tab may be half used up by the block around. It knows no blocks.

use crate::scan::{byte, tail};

/// The part of a line that no block has claimed yet.
pub(super) struct Cursor<'a> {
    line: &'a str,
    at: usize,
    column: usize,
    /// Columns that are left of the tab before `at`.
    pad: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self {
            line,
            at: 0,
            column: 0,
            pad: 0,
        }
    }

    /// The columns of white space that come next.
    #[inline(never)]
    pub(super) fn indent(&self) -> usize {
        let mut column = self.column + self.pad;
        let mut at = self.at;
        loop {
            match byte(self.line, at) {
                b' ' => column += 1,
                b'\t' => column += 4 - column % 4,
                _ => return column - self.column,
            }
            at += 1;
        }
    }

    /// What follows the white space.
    #[inline(never)]
    pub(super) fn rest(&self) -> &'a str {
        tail(self.line, self.at).trim_ascii_start()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.rest().is_empty()
    }

    /// Goes over white space, at most so many columns.
    #[inline(never)]
    pub(super) fn skip(&mut self, columns: usize) {
        let goal = self.column + columns;
        while self.column < goal {
            if self.pad == 0 {
                self.pad = match byte(self.line, self.at) {
                    b' ' => 1,
                    b'\t' => 4 - self.column % 4,
                    _ => return,
                };
                self.at += 1;
            }
            self.pad -= 1;
            self.column += 1;
        }
    }

    /// Goes over the white space and a marker of so many bytes.
    pub(super) fn take(&mut self, marker: usize) {
        self.skip(self.indent());
        self.at += marker;
        self.column += marker;
    }

    /// Adds what is left, and a line end.
    pub(super) fn write(&self, out: &mut String) {
        for _ in 0..self.pad {
            out.push(' ');
        }
        out.push_str(tail(self.line, self.at));
        out.push('\n');
    }
}
