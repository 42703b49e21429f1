//! A place in one line, counted in columns, since a tab may be half used up by the block around. It knows no blocks.

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
    pub(super) fn indent(&self) -> usize {
        let mut column = self.column + self.pad;
        for byte in self.line.bytes().skip(self.at) {
            match byte {
                b' ' => column += 1,
                b'\t' => column += 4 - column % 4,
                _ => break,
            }
        }
        column - self.column
    }

    /// What follows the white space.
    pub(super) fn rest(&self) -> &'a str {
        self.line[self.at..].trim_start_matches([' ', '\t'])
    }

    pub(super) fn is_blank(&self) -> bool {
        self.rest().is_empty()
    }

    /// Goes over white space, at most so many columns.
    pub(super) fn skip(&mut self, columns: usize) {
        let goal = self.column + columns;
        while self.column < goal {
            if self.pad == 0 {
                self.pad = match self.line.as_bytes().get(self.at) {
                    Some(b' ') => 1,
                    Some(b'\t') => 4 - self.column % 4,
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
        out.push_str(&self.line[self.at..]);
        out.push('\n');
    }
}
