//! Words about putting a widget on a page.

/// Words about putting a widget on a page.
#[derive(Debug)]
pub struct Embed {
    /// Title of the lines.
    pub title: &'static str,
    /// What to do.
    pub about: &'static str,
    /// The lines would not work.
    pub not_public: &'static str,
    /// Name of the lines.
    pub snippet: &'static str,
    /// Name of the other lines.
    pub pinned: &'static str,
    /// What they are for.
    pub pinned_about: &'static str,
    /// Name of the policy.
    pub csp: &'static str,
    /// What it must hold.
    pub csp_about: &'static str,
    /// Title of the list.
    pub installed: &'static str,
    /// What it is.
    pub installed_about: &'static str,
    /// Asks again.
    pub look_again: &'static str,
    /// There is none.
    pub nothing_seen: &'static str,
    /// What to do.
    pub nothing_seen_text: &'static str,
    /// A column.
    pub origin: &'static str,
    /// A column.
    pub seen: &'static str,
    /// A state.
    pub accepted: &'static str,
    /// A state.
    pub refused: &'static str,
    /// A state.
    pub next_load: &'static str,
    /// Lets it in.
    pub allow: &'static str,
    /// The question.
    pub allow_title: &'static str,
    /// What to know before.
    pub allow_text: &'static str,
    /// It is done.
    pub allowed_now: &'static str,
}

pub(super) static ENGLISH: Embed = Embed {
    title: "Put it on your website",
    about: "Paste these lines before the end of the body of every page.",
    not_public: "Public access is off: pages with these lines show no chat until you turn it on.",
    snippet: "For every page",
    pinned: "Pinned to this version",
    pinned_about: "The browser refuses the widget if a byte of it changes. Renew these lines when you upgrade the server.",
    csp: "If your page has a Content Security Policy",
    csp_about: "Your policy has to allow at least this.",
    installed: "Is it installed?",
    installed_about: "The websites that asked for this agent in the last day.",
    look_again: "Look again",
    nothing_seen: "No website has asked yet",
    nothing_seen_text: "Open a page with the lines above, then look again.",
    origin: "Origin",
    seen: "Last seen",
    accepted: "Accepted",
    refused: "Refused",
    next_load: "Works at its next load",
    allow: "Allow",
    allow_title: "Allow {}?",
    allow_text: "Allow it only if this website is yours: anybody can send a name. Exactly this origin is added to the list, with its protocol and port, and nothing else.",
    allowed_now: "{} is allowed from its next load on.",
};

pub(super) static GERMAN: Embed = Embed {
    title: "Auf Ihre Website bringen",
    about: "Fügen Sie diese Zeilen vor dem Ende des Body jeder Seite ein.",
    not_public: "Der öffentliche Zugang ist aus: Seiten mit diesen Zeilen zeigen keinen Chat, bis Sie ihn einschalten.",
    snippet: "Für jede Seite",
    pinned: "Auf diese Version festgelegt",
    pinned_about: "Der Browser weist das Widget ab, sobald sich ein Byte ändert. Erneuern Sie diese Zeilen, wenn Sie den Server aktualisieren.",
    csp: "Wenn Ihre Seite eine Content Security Policy hat",
    csp_about: "Ihre Richtlinie muss mindestens dies erlauben.",
    installed: "Ist es eingebaut?",
    installed_about: "Die Websites, die am letzten Tag nach diesem Agenten gefragt haben.",
    look_again: "Noch einmal nachsehen",
    nothing_seen: "Noch hat keine Website gefragt",
    nothing_seen_text: "Öffnen Sie eine Seite mit den Zeilen oben und sehen Sie dann noch einmal nach.",
    origin: "Herkunft",
    seen: "Zuletzt gesehen",
    accepted: "Angenommen",
    refused: "Abgewiesen",
    next_load: "Geht beim nächsten Laden",
    allow: "Erlauben",
    allow_title: "{} erlauben?",
    allow_text: "Erlauben Sie sie nur, wenn diese Website Ihnen gehört: Einen Namen kann jeder senden. Genau diese Herkunft kommt auf die Liste, mit Protokoll und Port, und nichts anderes.",
    allowed_now: "{} ist ab dem nächsten Laden erlaubt.",
};
