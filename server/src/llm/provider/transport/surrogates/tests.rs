//! Halves that come together, at every place where the bytes can be cut.

use bytes::Bytes;

use super::Surrogates;

/// The bytes in two pieces, cut at each place in turn; every outcome must be the same.
fn joined(text: &str) -> String {
    let mut outcomes: Vec<String> = (0..=text.len())
        .map(|at| {
            let mut surrogates = Surrogates::default();
            let [head, tail] = [&text[..at], &text[at..]].map(|part| surrogates.join(Bytes::from(part.to_owned())));
            String::from_utf8([head, tail].concat()).unwrap()
        })
        .collect();
    outcomes.dedup();
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    outcomes.remove(0)
}

#[test]
fn what_is_whole_stays_as_it_is() {
    for text in [
        "data: {\"a\":\"plain\"}\n\n",
        r#"{"a":"\ud83d\ude80 \n \" \\ \u00e9 \/"}"#,
        r#"{"a":"\\ud83d is text"}"#,
        r#"{"a":"\\\\udc00"}"#,
        r#"{"a":"\u12"}"#,
        r#"{"a":"\uZZZZ"}"#,
    ] {
        assert_eq!(joined(text), text);
    }
}

#[test]
fn halves_in_two_events_come_together_in_the_second() {
    let first = r#"data: {"t":"Go \ud83d"}"#;
    let second = r#"data: {"id":"\u00e9","t":"\uDE80!"}"#;
    let told = joined(&format!("{first}\n\n{second}\n\n"));
    let values: Vec<serde_json::Value> = told
        .split("\n\n")
        .filter_map(|event| serde_json::from_str(event.strip_prefix("data: ")?).ok())
        .collect();
    assert_eq!(
        (&values[0]["t"], &values[1]["t"]),
        (&"Go ".into(), &"\u{1f680}!".into())
    );
}

#[test]
fn a_half_that_is_alone_is_readable_all_the_same() {
    assert_eq!(joined(r#"{"t":"\ude80"}"#), r#"{"t":"\ufffd"}"#);
    assert_eq!(joined(r#"{"t":"\ud83d"}"#), r#"{"t":""}"#);
    assert_eq!(joined(r#"{"t":"\ud83d\ud83d\ude80"}"#), r#"{"t":"\ufffd\ud83d\ude80"}"#);
}

#[test]
fn bytes_without_an_escape_are_not_copied() {
    let chunk = Bytes::from_static(b"data: {}\n\n");
    assert_eq!(Surrogates::default().join(chunk.clone()).as_ptr(), chunk.as_ptr());
}
