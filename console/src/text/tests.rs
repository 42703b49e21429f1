//! Languages are found by their codes, and values get to their places.

use super::{Locale, fill, words};

#[test]
fn a_language_is_found_by_any_form_of_its_code() {
    for code in ["de", "de-AT", "DE_ch"] {
        assert_eq!(Locale::parse(code), Locale::German, "{code}");
    }
    for code in ["en", "en-GB", "fr", "", "deu", "der"] {
        assert_eq!(Locale::parse(code), Locale::English, "{code}");
    }
}

#[test]
fn the_languages_differ() {
    let (english, german) = (words(Locale::English), words(Locale::German));
    assert_ne!(english.general.cancel, german.general.cancel);
    assert_ne!(english.shell.log_out, german.shell.log_out);
    assert_ne!(english.agents.new, german.agents.new);
}

#[test]
fn values_are_filled_in_one_after_the_other_and_never_twice() {
    assert_eq!(fill("{} of {}", &["1", "{}"]), "1 of {}");
    assert_eq!(fill("nothing", &["1"]), "nothing");
    assert_eq!(fill("{}!", &[]), "!");
}
