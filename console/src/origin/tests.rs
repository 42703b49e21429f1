//! The mistakes of people are found, with the right form, and nothing that is right is called wrong.

use super::{Entry, Mistake, entries, look};

fn wrong(entry: &str) -> (Mistake, Option<String>) {
    match look(entry) {
        Entry::Wrong(mistake, right) => (mistake, right),
        fine => panic!("{entry} is {fine:?}"),
    }
}

#[test]
fn right_entries_are_left_alone() {
    for entry in [
        "https://shop.example",
        "https://shop.example/",
        "http://localhost:3000",
        "http://intranet",
        "https://shop.example:8443",
        "https://xn--bcher-kva.example",
        "https://bücher.example",
        "http://[::1]:8080",
        "http://[::1]",
        "HTTPS://Shop.Example",
    ] {
        assert_eq!(look(entry), Entry::Fine, "{entry}");
    }
    assert_eq!(
        look("https://*.shop.example"),
        Entry::AnySubdomain("shop.example".to_owned())
    );
}

#[test]
fn what_is_wrong_comes_with_what_would_be_right() {
    let right = |text: &str| Some(text.to_owned());
    assert_eq!(
        wrong("your-site.com"),
        (Mistake::NoProtocol, right("https://your-site.com"))
    );
    assert_eq!(
        wrong("localhost:3000"),
        (Mistake::NoProtocol, right("http://localhost:3000"))
    );
    assert_eq!(
        wrong("//your-site.com"),
        (Mistake::NoProtocol, right("https://your-site.com"))
    );
    assert_eq!(
        wrong("https://your-site.com/shop?a=b"),
        (Mistake::Path, right("https://your-site.com"))
    );
    assert_eq!(
        wrong("https://me@your-site.com"),
        (Mistake::Name, right("https://your-site.com"))
    );
    assert_eq!(
        wrong("https://your-site.com:99999"),
        (Mistake::Port, right("https://your-site.com"))
    );
    assert_eq!(wrong("ftp://your-site.com"), (Mistake::OtherProtocol, None));
    for entry in [
        "https://",
        "https://your site.com",
        "https://.com",
        "https://your-site.com.",
    ] {
        assert_eq!(wrong(entry).0, Mistake::Host, "{entry}");
    }
    for entry in [
        "*",
        "https://*",
        "https://www.*.com",
        "https://*.com",
        "https://*.*.shop.example",
    ] {
        assert_eq!(wrong(entry).0, Mistake::Wildcard, "{entry}");
    }
}

#[test]
fn entries_stand_one_a_line() {
    assert_eq!(
        entries(" https://a.example \n\n https://b.example"),
        ["https://a.example", "https://b.example"]
    );
}
