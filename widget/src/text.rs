//! Every word that the panel shows, by locale; where a word goes is the views' affair.

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// Name of the panel when neither page nor agent gives one.
    pub title: &'static str,
    /// The assistant's first words when neither page nor agent gives any.
    pub welcome: &'static str,
    /// The hint in the empty composer.
    pub placeholder: &'static str,
    /// Name of the close button.
    pub close: &'static str,
    /// Name of the send button.
    pub send: &'static str,
    /// Name of the stop button.
    pub stop: &'static str,
    /// The button under an answer that failed or was cut off.
    pub retry: &'static str,
    /// The button that leads back to the newest message.
    pub newest: &'static str,
    /// Name of the answers to choose from.
    pub choices: &'static str,
    /// The hint in the empty composer while the assistant waits for an answer.
    pub answer: &'static str,
    /// Name of the list of messages.
    pub messages: &'static str,
    /// Before a message of the visitor, for screen readers.
    pub you: &'static str,
    /// While nothing of the answer can be read yet.
    pub typing: &'static str,
    /// While the agent's knowledge is searched, and when that is done.
    pub searching: [&'static str; 2],
    /// The day separator for today.
    pub today: &'static str,
    /// The day separator for the day before.
    pub yesterday: &'static str,
    /// Under a message that is on its way.
    pub sending: &'static str,
    /// Under a message that waits.
    pub waiting: &'static str,
    /// Under a message that arrived.
    pub delivered: &'static str,
    /// Under a message that the server would not take.
    pub refused: &'static str,
    /// Under an answer that the visitor stopped.
    pub stopped: &'static str,
    /// Under an answer that was cut off.
    pub interrupted: &'static str,
    /// Under an answer that failed without saying why.
    pub failed: &'static str,
    /// Names of the buttons that rate an answer.
    pub rates: [&'static str; 2],
    /// The button on a block of code.
    pub copy: &'static str,
    /// What it says when it is done.
    pub copied: &'static str,
    /// At the foot of the panel.
    pub foot: &'static str,
    /// No network: what it is, what to do.
    pub offline: (&'static str, &'static str),
    /// The server does not answer: what it is, what to do.
    pub unreachable: (&'static str, &'static str),
    /// The line is being sought.
    pub reconnecting: &'static str,
    /// The server does not answer any more: what it is, what to do.
    pub lost: (&'static str, &'static str),
    /// Too many messages: what it is, before and after the seconds.
    pub pause: (&'static str, &'static str, &'static str),
    /// Nothing is answered for a long time: what it is, what to do.
    pub later: (&'static str, &'static str),
    /// The text is too long: what it is, before and after the number of characters.
    pub too_long: (&'static str, &'static str, &'static str),
}

const ENGLISH: Words = Words {
    title: "Chat",
    welcome: "Hi, how can I help?",
    placeholder: "Type your message…",
    close: "Close chat",
    send: "Send message",
    stop: "Stop answering",
    retry: "Try again",
    newest: "New messages",
    choices: "Answers to choose from",
    answer: "Type your answer…",
    messages: "Messages",
    you: "You:",
    typing: "Writing an answer",
    searching: ["Searching the documentation", "Searched the documentation"],
    today: "Today",
    yesterday: "Yesterday",
    sending: "Sending",
    waiting: "Waiting to be sent",
    delivered: "Delivered",
    refused: "Not sent",
    stopped: "Stopped",
    interrupted: "The answer was cut off.",
    failed: "The answer could not be finished.",
    rates: ["Good answer", "Bad answer"],
    copy: "Copy",
    copied: "Copied",
    foot: "Answers can be wrong.",
    offline: ("You are offline.", "What you write is kept and sent when you are back."),
    unreachable: ("The chat cannot be reached.", "Check your connection; we keep trying."),
    reconnecting: "Reconnecting…",
    lost: ("The connection was lost.", "We keep trying; what you write is kept."),
    pause: ("A short pause.", "You can write again in ", " s; your message is kept."),
    later: (
        "The assistant is done for today.",
        "Please come back tomorrow; your message is kept.",
    ),
    too_long: ("This is too long.", "Please shorten it by ", " characters."),
};

const GERMAN: Words = Words {
    title: "Chat",
    welcome: "Hallo, wie kann ich helfen?",
    placeholder: "Nachricht schreiben…",
    close: "Chat schließen",
    send: "Nachricht senden",
    stop: "Antwort anhalten",
    retry: "Noch einmal versuchen",
    newest: "Neue Nachrichten",
    choices: "Antworten zur Auswahl",
    answer: "Antwort schreiben…",
    messages: "Nachrichten",
    you: "Sie:",
    typing: "Schreibt eine Antwort",
    searching: ["Durchsucht die Dokumentation", "Dokumentation durchsucht"],
    today: "Heute",
    yesterday: "Gestern",
    sending: "Wird gesendet",
    waiting: "Wartet auf das Senden",
    delivered: "Zugestellt",
    refused: "Nicht gesendet",
    stopped: "Angehalten",
    interrupted: "Die Antwort brach ab.",
    failed: "Die Antwort konnte nicht beendet werden.",
    rates: ["Gute Antwort", "Schlechte Antwort"],
    copy: "Kopieren",
    copied: "Kopiert",
    foot: "Antworten können falsch sein.",
    offline: (
        "Sie sind offline.",
        "Was Sie schreiben, wird gesendet, sobald Sie wieder online sind.",
    ),
    unreachable: (
        "Der Chat ist nicht erreichbar.",
        "Prüfen Sie Ihre Verbindung; wir versuchen es weiter.",
    ),
    reconnecting: "Verbindung wird wiederhergestellt…",
    lost: (
        "Die Verbindung ist abgebrochen.",
        "Wir versuchen es weiter; was Sie schreiben, bleibt erhalten.",
    ),
    pause: (
        "Eine kurze Pause.",
        "Sie können in ",
        " s wieder schreiben; Ihre Nachricht bleibt erhalten.",
    ),
    later: (
        "Der Assistent ist für heute fertig.",
        "Bitte kommen Sie morgen wieder; Ihre Nachricht bleibt erhalten.",
    ),
    too_long: ("Das ist zu lang.", "Bitte kürzen Sie um ", " Zeichen."),
};

fn is_language(locale: &str, language: &str) -> bool {
    locale
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case(language))
        && !locale.as_bytes().get(2).is_some_and(u8::is_ascii_alphanumeric)
}

/// The words for a BCP 47 locale; English where there are none.
pub fn words(locale: &str) -> &'static Words {
    if is_language(locale, "de") { &GERMAN } else { &ENGLISH }
}

/// `rtl` or `ltr`, for the `dir` attribute.
pub fn direction(locale: &str) -> &'static str {
    if ["ar", "he", "fa", "ur"]
        .iter()
        .any(|language| is_language(locale, language))
    {
        "rtl"
    } else {
        "ltr"
    }
}

/// A number in digits. Formatting of the standard library would bring its own machinery for each kind of number.
pub fn digits(number: u64) -> String {
    let mut digits = if number < 10 {
        String::new()
    } else {
        digits(number / 10)
    };
    digits.push(char::from(b'0' + (number % 10) as u8));
    digits
}

/// The number that these digits are; `None` if they are none.
pub fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| {
        digits.bytes().fold(0, |number: u64, digit| {
            number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))
        })
    })
}
