//! Words of the settings.

/// Words of the settings.
#[derive(Debug)]
pub struct Settings {
    /// Title of the page.
    pub title: &'static str,
    /// A tab.
    pub server: &'static str,
    /// A tab.
    pub models: &'static str,
    /// A tab.
    pub users: &'static str,
    /// A tab.
    pub account: &'static str,
    /// How they are changed.
    pub read_only: &'static str,
    /// A heading.
    pub addresses: &'static str,
    /// A fact.
    pub version: &'static str,
    /// A fact.
    pub public_url: &'static str,
    /// A fact.
    pub console_url: &'static str,
    /// A fact.
    pub database: &'static str,
    /// A fact.
    pub console_local: &'static str,
    /// A value.
    pub is_local: &'static str,
    /// A value.
    pub is_remote: &'static str,
    /// A fact.
    pub moderation: &'static str,
    /// A value.
    pub is_set: &'static str,
    /// A value.
    pub is_not_set: &'static str,
    /// A heading.
    pub retention: &'static str,
    /// A fact.
    pub keep_sessions: &'static str,
    /// A fact.
    pub keep_traces: &'static str,
    /// A unit.
    pub days: &'static str,
    /// A heading.
    pub limits: &'static str,
    /// What they are.
    pub limits_about: &'static str,
    /// A heading.
    pub upstream: &'static str,
    /// A column.
    pub setting: &'static str,
    /// A column.
    pub value: &'static str,
    /// What the page is.
    pub models_about: &'static str,
    /// A column.
    pub model: &'static str,
    /// A column.
    pub provider: &'static str,
    /// A column.
    pub state: &'static str,
    /// A state.
    pub ready: &'static str,
    /// A state.
    pub not_ready: &'static str,
    /// Tries a model.
    pub test: &'static str,
    /// Tries a model; for screen readers.
    pub test_of: &'static str,
    /// It answered.
    pub tested_ok: &'static str,
    /// It did not.
    pub tested_bad: &'static str,
    /// There is none.
    pub no_models: &'static str,
    /// What to do.
    pub no_models_text: &'static str,
}

pub(super) static ENGLISH: Settings = Settings {
    title: "Settings",
    server: "Server",
    models: "Models",
    users: "Users",
    account: "Your account",
    read_only: "These settings are read when the server starts. Change them in atthene.toml or by environment variables such as {}, then start the server again.",
    addresses: "Addresses",
    version: "Version",
    public_url: "Address for visitors",
    console_url: "Address of the console",
    database: "Database",
    console_local: "Console",
    is_local: "only from this machine",
    is_remote: "from other machines, too",
    moderation: "Moderation",
    is_set: "set up",
    is_not_set: "not set up",
    retention: "How long things are kept",
    keep_sessions: "Conversations",
    keep_traces: "Traces",
    days: "{} days",
    limits: "Limits",
    limits_about: "What is over a limit is refused with 429 or 413 and says so.",
    upstream: "Calls of models",
    setting: "Setting",
    value: "Value",
    models_about: "Every model that an agent can name. Keys of providers are set on the server and never shown.",
    model: "Model",
    provider: "Provider",
    state: "State",
    ready: "Ready",
    not_ready: "Not ready",
    test: "Test",
    test_of: "Test {}",
    tested_ok: "Answered after {}",
    tested_bad: "No answer",
    no_models: "No models yet",
    no_models_text: "Add a provider to atthene.toml and start the server again.",
};

pub(super) static GERMAN: Settings = Settings {
    title: "Einstellungen",
    server: "Server",
    models: "Modelle",
    users: "Benutzer",
    account: "Ihr Konto",
    read_only: "Diese Einstellungen liest der Server beim Start. Ändern Sie sie in atthene.toml oder durch Umgebungsvariablen wie {}, und starten Sie den Server neu.",
    addresses: "Adressen",
    version: "Version",
    public_url: "Adresse für Besucher",
    console_url: "Adresse der Konsole",
    database: "Datenbank",
    console_local: "Konsole",
    is_local: "nur von diesem Rechner",
    is_remote: "auch von anderen Rechnern",
    moderation: "Moderation",
    is_set: "eingerichtet",
    is_not_set: "nicht eingerichtet",
    retention: "Wie lange etwas bleibt",
    keep_sessions: "Gespräche",
    keep_traces: "Traces",
    days: "{} Tage",
    limits: "Grenzen",
    limits_about: "Was über einer Grenze liegt, wird mit 429 oder 413 abgelehnt und sagt das.",
    upstream: "Aufrufe von Modellen",
    setting: "Einstellung",
    value: "Wert",
    models_about: "Jedes Modell, das ein Agent nennen kann. Schlüssel der Anbieter werden auf dem Server gesetzt und nie angezeigt.",
    model: "Modell",
    provider: "Anbieter",
    state: "Status",
    ready: "Bereit",
    not_ready: "Nicht bereit",
    test: "Testen",
    test_of: "{} testen",
    tested_ok: "Antwort nach {}",
    tested_bad: "Keine Antwort",
    no_models: "Noch keine Modelle",
    no_models_text: "Tragen Sie einen Anbieter in atthene.toml ein und starten Sie den Server neu.",
};
