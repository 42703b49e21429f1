//! Words of the frame around every page.

/// Words of the frame around every page.
#[derive(Debug)]
pub struct Shell {
    /// Jumps over the sidebar.
    pub skip: &'static str,
    /// Opens the sidebar on a phone.
    pub menu: &'static str,
    /// Name of the sidebar.
    pub pages: &'static str,
    /// Above what concerns all agents.
    pub workspace: &'static str,
    /// The page of agents.
    pub agents: &'static str,
    /// The page of conversations.
    pub conversations: &'static str,
    /// The page of traces.
    pub traces: &'static str,
    /// The page of figures.
    pub usage: &'static str,
    /// The page of API keys.
    pub keys: &'static str,
    /// The page of the audit log.
    pub audit: &'static str,
    /// The page of settings.
    pub settings: &'static str,
    /// The page to try the API.
    pub try_api: &'static str,
    /// The language.
    pub language: &'static str,
    /// Light or dark.
    pub theme: &'static str,
    /// As the system has it.
    pub theme_auto: &'static str,
    /// Light.
    pub theme_light: &'static str,
    /// Dark.
    pub theme_dark: &'static str,
    /// Ends the log-in.
    pub log_out: &'static str,
}

pub(super) static ENGLISH: Shell = Shell {
    skip: "Skip to the page",
    menu: "Menu",
    pages: "Pages",
    workspace: "Workspace",
    agents: "Agents",
    conversations: "Conversations",
    traces: "Traces",
    usage: "Usage",
    keys: "API keys",
    audit: "Audit log",
    settings: "Settings",
    try_api: "Try the API",
    language: "Language",
    theme: "Appearance",
    theme_auto: "As the system",
    theme_light: "Light",
    theme_dark: "Dark",
    log_out: "Log out",
};

pub(super) static GERMAN: Shell = Shell {
    skip: "Zur Seite springen",
    menu: "Menü",
    pages: "Seiten",
    workspace: "Arbeitsbereich",
    agents: "Agenten",
    conversations: "Gespräche",
    traces: "Traces",
    usage: "Nutzung",
    keys: "API-Schlüssel",
    audit: "Protokoll",
    settings: "Einstellungen",
    try_api: "API ausprobieren",
    language: "Sprache",
    theme: "Darstellung",
    theme_auto: "Wie das System",
    theme_light: "Hell",
    theme_dark: "Dunkel",
    log_out: "Abmelden",
};
