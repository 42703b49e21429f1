//! What is pasted means what was set, whatever was set.

use atthene_protocol::widget::WidgetSettings;
use scraper::{Html, Selector};

use super::*;

const URL: &str = "https://chat.example";
/// Ends of strings, of scripts, of attributes and of lines; marks that turn text; more than one UTF-16 unit.
const NASTY: &str = "a'b\\\"c</script><!--&amp;`${x}`\n\r\t\u{2028}\u{202e}\u{1f600}' onload='x";

fn nasty() -> WidgetSettings {
    WidgetSettings {
        title: Some(NASTY.to_owned()),
        theme: Some("dark".to_owned()),
        ..WidgetSettings::default()
    }
}

fn pinned() -> Pinned {
    Pinned {
        version: "1.2.3".to_owned(),
        path: "/widget/1.2.3/chat-widget.js".to_owned(),
        integrity: "sha384-abc+/=".to_owned(),
    }
}

/// What JavaScript reads in a quoted string of ours.
fn read_js(quoted: &str) -> String {
    let inner = quoted.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
    let as_json = inner.replace('"', "\\\"").replace("\\'", "'");
    serde_json::from_str(&format!("\"{as_json}\"")).unwrap()
}

#[test]
fn a_string_of_javascript_reads_back_as_it_was() {
    for text in ["shop", "", "it's", "a\\", NASTY] {
        let quoted = js_string(text);
        assert_eq!(read_js(&quoted), text, "{quoted}");
        assert!(
            !quoted.contains(['<', '>', '\n', '\r', '\u{2028}', '\u{202e}']),
            "{quoted}"
        );
    }
}

#[test]
fn a_page_with_the_snippet_has_two_scripts_and_no_more() {
    let page = Html::parse_document(&snippet(URL, "shop", &nasty()));
    let scripts: Vec<_> = page.select(&Selector::parse("script").unwrap()).collect();
    assert_eq!(scripts.len(), 2);
    assert_eq!(scripts[0].attr("src"), Some("https://chat.example/chat-widget.js"));
    let call: String = scripts[1].text().collect();
    assert!(
        call.contains("AttheneChat.init({\n    agentKey: 'shop',\n    theme: 'dark',\n    title: '"),
        "{call}"
    );
    assert!(call.trim_end().ends_with("});"), "{call}");
    let shown: String = page
        .root_element()
        .text()
        .filter(|text| !call.contains(text.trim()))
        .collect();
    assert_eq!(shown.trim(), "", "nothing of a value stands in the page");
}

#[test]
fn the_pinned_tag_has_every_value_as_it_was_and_no_attribute_of_a_value() {
    let page = Html::parse_fragment(&pinned_snippet(URL, "shop", &nasty(), &pinned()));
    let scripts: Vec<_> = page.select(&Selector::parse("script").unwrap()).collect();
    assert_eq!(scripts.len(), 1);
    let tag = scripts[0].value();
    // HTML reads every end of a line as one.
    let title = tag.attr("data-title").unwrap();
    assert_eq!(title, NASTY);
    assert_eq!(
        tag.attr("src"),
        Some("https://chat.example/widget/1.2.3/chat-widget.js")
    );
    assert_eq!(tag.attr("integrity"), Some("sha384-abc+/="));
    assert_eq!(tag.attr("crossorigin"), Some("anonymous"));
    assert_eq!(tag.attr("data-theme"), Some("dark"));
    assert_eq!(tag.attrs().count(), 7);
}

#[test]
fn what_holds_anyway_is_not_written_out() {
    let plain = WidgetSettings {
        position: Some("bottom-right".to_owned()),
        theme: Some("auto".to_owned()),
        primary_color: Some("#0066ff".to_owned()),
        max_message_chars: Some(5),
        ..WidgetSettings::default()
    };
    let text = snippet(URL, "shop", &plain);
    assert!(text.contains("init({\n    agentKey: 'shop'\n  });"), "{text}");
}

#[test]
fn the_policy_names_the_server_its_socket_and_a_foreign_avatar() {
    let mut widget = WidgetSettings::default();
    let plain = "script-src https://chat.example 'wasm-unsafe-eval'; \
                 connect-src https://chat.example wss://chat.example; img-src https://chat.example";
    assert_eq!(csp(URL, &widget), plain);
    widget.avatar = Some("https://chat.example/a.png".to_owned());
    assert_eq!(csp(URL, &widget), plain);
    widget.avatar = Some("https://img.example:8443/a.png?b".to_owned());
    assert_eq!(csp(URL, &widget), format!("{plain} https://img.example:8443"));
    assert!(csp("http://127.0.0.1:8080", &widget).contains("ws://127.0.0.1:8080;"));
}
