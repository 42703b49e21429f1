//! A comparison holds both texts and no more changes than there are.

use super::{Line, lines};

fn side(found: &[Line], is_old: bool) -> String {
    let kept = found.iter().filter_map(|line| match line {
        Line::Same(text) => Some(text.as_str()),
        Line::Old(text) => is_old.then_some(text.as_str()),
        Line::New(text) => (!is_old).then_some(text.as_str()),
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn both_texts_can_be_read_from_a_comparison() {
    for (old, new) in [
        ("", ""),
        ("a", ""),
        ("", "a\nb"),
        ("a\nb\nc", "a\nx\nc"),
        ("a\nb\nc\nd", "d\na\nc"),
        ("x\nx\ny", "x\ny\nx"),
    ] {
        let found = lines(old, new);
        assert_eq!(side(&found, true), old);
        assert_eq!(side(&found, false), new);
    }
}

#[test]
fn what_is_the_same_is_not_told_as_changed() {
    let found = lines("name: a\nmodel: b\nprompt: c", "name: a\nmodel: d\nprompt: c");
    let changed: Vec<&Line> = found.iter().filter(|line| !matches!(line, Line::Same(_))).collect();
    assert_eq!(
        changed,
        [&Line::Old("model: b".to_owned()), &Line::New("model: d".to_owned())]
    );
}
