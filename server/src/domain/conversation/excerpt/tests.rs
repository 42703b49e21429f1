//! Cutting texts.

use super::excerpt;

#[test]
fn a_short_text_stays_as_it_is_but_for_its_breaks() {
    assert_eq!(excerpt("Where is\n\n my\torder? ", 80), "Where is my order?");
    assert_eq!(excerpt(" \n ", 80), "");
}

#[test]
fn a_long_text_is_cut_between_words_and_says_so() {
    assert_eq!(excerpt("one two three", 8), "one two…");
    assert_eq!(excerpt("one two three", 13), "one two three");
}

#[test]
fn a_long_word_is_cut_between_characters() {
    assert_eq!(excerpt("ääääää", 4), "äää…");
    assert_eq!(excerpt("漢字漢字漢字", 3), "漢字…");
}

#[test]
fn a_character_keeps_what_belongs_to_it() {
    // A family of three, each joined to the one before; and an e with its accent as a mark.
    assert_eq!(excerpt("ab👨\u{200d}👩\u{200d}👧cdef", 6), "ab…");
    assert_eq!(excerpt("abce\u{301}fgh", 5), "abc…");
}
