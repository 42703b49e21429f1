//! Words about who may embed an agent.

/// Words about who may embed an agent.
#[derive(Debug)]
pub struct Access {
    /// The switch.
    pub public: &'static str,
    /// What it means.
    pub public_about: &'static str,
    /// Title of the list.
    pub origins: &'static str,
    /// What an origin is.
    pub origins_about: &'static str,
    /// Name of the field.
    pub list: &'static str,
    /// How to write it.
    pub list_hint: &'static str,
    /// There is none.
    pub list_empty: &'static str,
    /// When it last came.
    pub seen: &'static str,
    /// What a wildcard means.
    pub any_subdomain: &'static str,
    /// Offers the right form.
    pub did_you_mean: &'static str,
    /// A mistake.
    pub no_protocol: &'static str,
    /// A mistake.
    pub other_protocol: &'static str,
    /// A mistake.
    pub path: &'static str,
    /// A mistake.
    pub name: &'static str,
    /// A mistake.
    pub host: &'static str,
    /// A mistake.
    pub port: &'static str,
    /// A mistake.
    pub wildcard: &'static str,
    /// Name of the field.
    pub test_label: &'static str,
    /// Asks the gate.
    pub test: &'static str,
    /// The answer.
    pub allowed: &'static str,
    /// The answer.
    pub refused: &'static str,
    /// The switch.
    pub dev: &'static str,
    /// What it means.
    pub dev_about: &'static str,
}

pub(super) static ENGLISH: Access = Access {
    public: "Public access",
    public_about: "Visitors on allowed origins may talk to this agent without signing in.",
    origins: "Allowed origins",
    origins_about: "Where the widget may run: protocol, host and port, nothing more. Everything else is refused before a session starts.",
    list: "Origins",
    list_hint: "One a line. https://*.shop.example allows any subdomain.",
    list_empty: "No website may embed this agent yet. Add the address of yours above.",
    seen: "seen",
    any_subdomain: "any subdomain, not {} itself",
    did_you_mean: "Did you mean",
    no_protocol: "An origin starts with its protocol.",
    other_protocol: "An origin starts with https:// or http://.",
    path: "An origin ends after host and port; it has no path.",
    name: "An origin holds no user name.",
    host: "Put in a host after the protocol, for example https://shop.example.",
    port: "A port is a number from 1 to 65535.",
    wildcard: "A star stands for the whole first part of a host: https://*.shop.example.",
    test_label: "Origin to test",
    test: "Test this origin",
    allowed: "Allowed.",
    refused: "Refused.",
    dev: "Development mode",
    dev_about: "Also allows localhost on any port. Turn it off when you go live.",
};

pub(super) static GERMAN: Access = Access {
    public: "Öffentlicher Zugang",
    public_about: "Besucher erlaubter Herkünfte dürfen ohne Anmeldung mit diesem Agenten sprechen.",
    origins: "Erlaubte Herkünfte",
    origins_about: "Wo das Widget laufen darf: Protokoll, Host und Port, sonst nichts. Alles andere wird abgewiesen, bevor eine Sitzung beginnt.",
    list: "Herkünfte",
    list_hint: "Eine je Zeile. https://*.shop.example erlaubt jede Subdomain.",
    list_empty: "Noch darf keine Website diesen Agenten einbinden. Tragen Sie oben die Adresse Ihrer Website ein.",
    seen: "gesehen",
    any_subdomain: "jede Subdomain, nicht {} selbst",
    did_you_mean: "Meinten Sie",
    no_protocol: "Eine Herkunft beginnt mit ihrem Protokoll.",
    other_protocol: "Eine Herkunft beginnt mit https:// oder http://.",
    path: "Eine Herkunft endet nach Host und Port; sie hat keinen Pfad.",
    name: "Eine Herkunft enthält keinen Benutzernamen.",
    host: "Nach dem Protokoll steht ein Host, zum Beispiel https://shop.example.",
    port: "Ein Port ist eine Zahl von 1 bis 65535.",
    wildcard: "Ein Stern steht für den ganzen ersten Teil eines Hosts: https://*.shop.example.",
    test_label: "Zu prüfende Herkunft",
    test: "Diese Herkunft prüfen",
    allowed: "Erlaubt.",
    refused: "Abgewiesen.",
    dev: "Entwicklungsmodus",
    dev_about: "Erlaubt auch localhost auf jedem Port. Schalten Sie ihn aus, wenn Sie live gehen.",
};
