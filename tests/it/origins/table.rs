//! Reads the tables in `tests/fixtures/origins`: one case a line, cells by tabs, `#` in front of a remark.

/// A case: its line number, for the message, and its cells with the escapes still in them.
pub(super) struct Case<'a> {
    pub(super) line: usize,
    pub(super) cells: Vec<&'a str>,
}

/// All cases of a table, each with `width` cells.
pub(super) fn cases(table: &str, width: usize) -> Vec<Case<'_>> {
    let cases: Vec<Case<'_>> = table
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("# ") && *line != "#")
        .map(|(index, line)| Case {
            line: index + 1,
            cells: line.split('\t').collect(),
        })
        .collect();
    for case in &cases {
        assert_eq!(case.cells.len(), width, "line {}", case.line);
    }
    cases
}

/// The bytes that a cell stands for.
pub(super) fn bytes(cell: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut chars = cell.chars();
    let mut buffer = [0; 4];
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        match chars.next().expect("an escape") {
            'e' => {}
            's' => out.push(b' '),
            't' => out.push(b'\t'),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            '0' => out.push(0),
            '\\' => out.push(b'\\'),
            'x' => {
                let hex: String = chars.by_ref().take(2).collect();
                out.push(u8::from_str_radix(&hex, 16).expect("two hexadecimal digits"));
            }
            'u' => {
                let hex: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let code = u32::from_str_radix(&hex, 16).expect("hexadecimal digits");
                let c = char::from_u32(code).expect("a character");
                out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
            other => panic!("no such escape: {other}"),
        }
    }
    out
}

/// The same, for a cell that is text.
pub(super) fn text(cell: &str) -> String {
    String::from_utf8(bytes(cell)).expect("UTF-8")
}

/// Fails with all wrong lines together, which says more than the first one.
pub(super) fn assert_none_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
