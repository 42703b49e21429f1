//! What an agent may set of its widget: typed values only, never CSS or HTML. How they look is the widget's business.

use atthene_protocol::widget::WidgetSettings;
use url::Url;

use super::fields::Fields;

const MAX_TITLE_CHARS: usize = 100;
const MAX_LINE_CHARS: usize = 200;
const MAX_WELCOME_CHARS: usize = 2_000;
const MAX_AVATAR_CHARS: usize = 2_048;
const MAX_STARTER_PROMPTS: usize = 8;
const MAX_MESSAGE_CHARS: u32 = 100_000;
/// Words that are no colour of their own.
const COLOURLESS: [&str; 7] = [
    "currentcolor",
    "inherit",
    "initial",
    "none",
    "revert",
    "transparent",
    "unset",
];

/// Reads the settings; what is wrong goes to the findings.
pub(super) fn read(fields: Fields<'_>) -> WidgetSettings {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let settings = WidgetSettings {
        position: owned(fields.choice("position", &["bottom-right", "bottom-left"])),
        theme: owned(fields.choice("theme", &["light", "dark", "auto"])),
        primary_color: read_colour(&fields),
        welcome_message: owned(fields.text("welcomeMessage", MAX_WELCOME_CHARS)),
        placeholder: owned(fields.line("placeholder", MAX_LINE_CHARS)),
        title: owned(fields.line("title", MAX_TITLE_CHARS)),
        subtitle: owned(fields.line("subtitle", MAX_LINE_CHARS)),
        avatar: read_avatar(&fields),
        starter_prompts: read_starter_prompts(&fields),
        max_message_chars: fields.whole_number("maxMessageChars", 1, MAX_MESSAGE_CHARS),
    };
    fields.finish();
    settings
}

fn read_colour(fields: &Fields<'_>) -> Option<String> {
    let text = fields.line("primaryColor", MAX_LINE_CHARS)?.to_ascii_lowercase();
    if is_colour(&text) {
        return Some(text);
    }
    fields.error(
        "primaryColor",
        "A colour is written #rgb or #rrggbb, or as a name such as teal; for example #0066FF.",
    );
    None
}

fn is_colour(text: &str) -> bool {
    match text.strip_prefix('#') {
        Some(digits) => matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => {
            (3..=20).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_lowercase())
                && !COLOURLESS.contains(&text)
        }
    }
}

fn read_avatar(fields: &Fields<'_>) -> Option<String> {
    let text = fields.line("avatar", MAX_AVATAR_CHARS)?;
    let address = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
    });
    if address.is_none() {
        fields.error(
            "avatar",
            "An avatar is the whole address of an image, such as https://www.example.com/avatar.png.",
        );
    }
    address.map(String::from)
}

fn read_starter_prompts(fields: &Fields<'_>) -> Option<Vec<String>> {
    let prompts = fields.texts("starterPrompts")?;
    if prompts.len() > MAX_STARTER_PROMPTS {
        fields.error(
            "starterPrompts",
            format!("There may be at most {MAX_STARTER_PROMPTS} starter prompts."),
        );
    }
    for (index, prompt) in prompts.iter().enumerate() {
        let is_line = !prompt.trim().is_empty() && !prompt.contains(char::is_control);
        if !is_line || prompt.chars().count() > MAX_LINE_CHARS {
            let form = format!("A starter prompt is one line of 1 to {MAX_LINE_CHARS} characters.");
            fields.error(&format!("starterPrompts[{index}]"), form);
        }
    }
    Some(prompts.iter().map(|prompt| prompt.trim().to_owned()).collect())
}
