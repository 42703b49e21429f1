//! What a site owner pastes to put one agent on a page, with the agent's own options written out: the tags, the same
//! pinned to a version, the lines of a Content Security Policy. Text in, text out; the short form is `snippet`.

use std::fmt::Write as _;

use atthene_protocol::widget::WidgetSettings;
use url::Url;

use super::assets::Pinned;

/// What `init` takes where nothing is said (docs/EMBEDDING.md): writing it out would say nothing.
const DEFAULTS: [(&str, &str); 3] = [
    ("position", "bottom-right"),
    ("theme", "auto"),
    ("primaryColor", "#0066ff"),
];

/// Two tags: the script, and the call with the options. Every value is a JavaScript string inside an HTML script.
pub fn snippet(public_url: &str, agent_key: &str, widget: &WidgetSettings) -> String {
    let mut call = format!("agentKey: {}", js_string(agent_key));
    for (name, value) in options(widget) {
        let _ = write!(call, ",\n    {name}: {}", js_string(value));
    }
    let source = html_attribute(&format!("{public_url}/chat-widget.js"));
    format!("<script src={source}></script>\n<script>\n  AttheneChat.init({{\n    {call}\n  }});\n</script>")
}

/// One tag that loads exactly the bytes of this version, or nothing. It holds no script of its own, so that a policy
/// without `'unsafe-inline'` takes it as it is.
pub fn pinned_snippet(public_url: &str, agent_key: &str, widget: &WidgetSettings, pinned: &Pinned) -> String {
    let source = html_attribute(&format!("{public_url}{}", pinned.path));
    let integrity = html_attribute(&pinned.integrity);
    let mut tag = format!("<script async src={source}\n        integrity={integrity} crossorigin=\"anonymous\"");
    let _ = write!(tag, "\n        data-agent-key={}", html_attribute(agent_key));
    for (name, value) in options(widget) {
        let _ = write!(tag, "\n        {}={}", data_attribute(name), html_attribute(value));
    }
    tag.push_str("></script>");
    tag
}

/// What a page's policy must allow beside what it allows already.
pub fn csp(public_url: &str, widget: &WidgetSettings) -> String {
    let socket = public_url.replacen("http", "ws", 1);
    let avatar = widget.avatar.as_deref().and_then(|avatar| Url::parse(avatar).ok());
    let avatar = avatar.map(|url| url.origin().ascii_serialization());
    let mut policy =
        format!("script-src {public_url} 'wasm-unsafe-eval'; connect-src {public_url} {socket}; img-src {public_url}");
    if let Some(origin) = avatar.filter(|origin| origin != public_url) {
        let _ = write!(policy, " {origin}");
    }
    policy
}

/// The options of `init` that the agent sets otherwise than they are anyway. What is no option of `init` comes from the
/// agent's settings on every page by itself.
fn options(widget: &WidgetSettings) -> impl Iterator<Item = (&'static str, &str)> {
    let set = [
        ("position", &widget.position),
        ("theme", &widget.theme),
        ("primaryColor", &widget.primary_color),
        ("welcomeMessage", &widget.welcome_message),
        ("placeholder", &widget.placeholder),
        ("title", &widget.title),
        ("subtitle", &widget.subtitle),
        ("avatar", &widget.avatar),
    ];
    set.into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .filter(|option| !DEFAULTS.contains(option))
}

/// `primaryColor` as an attribute: `data-primary-color`.
fn data_attribute(option: &str) -> String {
    option.chars().fold(String::from("data-"), |mut name, letter| {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
        name
    })
}

/// A string of JavaScript that ends neither itself nor the script around it, and hides nothing from who reads it.
fn js_string(text: &str) -> String {
    let mut quoted = String::from("'");
    for letter in text.chars() {
        match letter {
            '\'' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // An end tag or a comment inside a script would be the HTML parser's.
            '<' | '>' => escape_utf16(&mut quoted, letter),
            _ if letter.is_control() || turns_text(letter) => escape_utf16(&mut quoted, letter),
            _ => quoted.push(letter),
        }
    }
    quoted.push('\'');
    quoted
}

fn escape_utf16(quoted: &mut String, letter: char) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        let _ = write!(quoted, "\\u{unit:04x}");
    }
}

/// An attribute's value with its quotes.
fn html_attribute(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\'' => quoted.push_str("&#39;"),
            _ if letter.is_control() || turns_text(letter) => {
                let _ = write!(quoted, "&#x{:x};", u32::from(letter));
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Ends of lines that only some readers know, and marks that show text in another order than it stands in.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
