//! Words about API keys.

/// Words about API keys.
#[derive(Debug)]
pub struct Keys {
    /// Title of the page.
    pub title: &'static str,
    /// What keys are.
    pub about: &'static str,
    /// Makes one.
    pub new: &'static str,
    /// A column and a field.
    pub name: &'static str,
    /// What goes in.
    pub name_hint: &'static str,
    /// A column and a field.
    pub scopes: &'static str,
    /// What goes in.
    pub scopes_about: &'static str,
    /// A column and a field.
    pub agents: &'static str,
    /// What goes in.
    pub agents_hint: &'static str,
    /// All of them.
    pub all_agents: &'static str,
    /// A field.
    pub addresses: &'static str,
    /// What goes in.
    pub addresses_hint: &'static str,
    /// Every address.
    pub anywhere: &'static str,
    /// A column and a field.
    pub expires: &'static str,
    /// It does not.
    pub expires_never: &'static str,
    /// A choice.
    pub expires_30: &'static str,
    /// A choice.
    pub expires_90: &'static str,
    /// A choice.
    pub expires_365: &'static str,
    /// It is over.
    pub expired: &'static str,
    /// A column.
    pub used: &'static str,
    /// It was not.
    pub never_used: &'static str,
    /// Makes it.
    pub make: &'static str,
    /// It is made.
    pub made_title: &'static str,
    /// What to do with it.
    pub made_text: &'static str,
    /// It is copied.
    pub made_done: &'static str,
    /// Ends it.
    pub revoke: &'static str,
    /// Question before.
    pub revoke_title: &'static str,
    /// What happens then.
    pub revoke_text: &'static str,
    /// It is done.
    pub revoked: &'static str,
    /// There is none.
    pub none_yet: &'static str,
    /// What to do.
    pub none_yet_text: &'static str,
    /// A mistake.
    pub no_name: &'static str,
    /// A mistake.
    pub no_scope: &'static str,
    /// A scope.
    pub chat: &'static str,
    /// A scope.
    pub sessions_read: &'static str,
    /// A scope.
    pub agents_read: &'static str,
    /// A scope.
    pub agents_write: &'static str,
    /// A scope.
    pub access_write: &'static str,
    /// A scope.
    pub traces_read: &'static str,
    /// A scope.
    pub keys_write: &'static str,
    /// A scope.
    pub admin: &'static str,
}

pub(super) static ENGLISH: Keys = Keys {
    title: "API keys",
    about: "A key lets a back end use the API. Keep it on a server; it never belongs into a page.",
    new: "New key",
    name: "Name",
    name_hint: "Where it is used, such as shop back end.",
    scopes: "May",
    scopes_about: "Give as little as the work needs. More can be given with another key.",
    agents: "Agents",
    agents_hint: "Choose none for all of them, also those to come.",
    all_agents: "All agents",
    addresses: "Addresses",
    addresses_hint: "IP addresses or networks, one a line, such as 192.0.2.0/24. Empty: from anywhere.",
    anywhere: "From anywhere",
    expires: "Expires",
    expires_never: "Never",
    expires_30: "In 30 days",
    expires_90: "In 90 days",
    expires_365: "In a year",
    expired: "Expired",
    used: "Last used",
    never_used: "Never",
    make: "Make key",
    made_title: "Your new key",
    made_text: "Copy it now and keep it in a safe place. It is not shown again; only its hash is kept here.",
    made_done: "I have kept it",
    revoke: "Revoke",
    revoke_title: "Revoke {}?",
    revoke_text: "It stops working at once, and streams that it opened end. This cannot be undone; make a new key first if a back end still needs one.",
    revoked: "The key is revoked.",
    none_yet: "No API keys yet",
    none_yet_text: "The widget needs none. Make one when a back end of yours should talk to an agent or read what happened.",
    no_name: "Give the key a name.",
    no_scope: "Choose at least one thing that the key may do.",
    chat: "Talk to agents, in conversations of its own",
    sessions_read: "Read everybody's conversations",
    agents_read: "Read agents and their configuration",
    agents_write: "Make, change, deploy and delete agents",
    access_write: "Decide which websites may embed an agent",
    traces_read: "Read traces and usage",
    keys_write: "Make and revoke API keys",
    admin: "Everything",
};

pub(super) static GERMAN: Keys = Keys {
    title: "API-Schlüssel",
    about: "Mit einem Schlüssel nutzt ein Backend die API. Bewahren Sie ihn auf einem Server auf; er gehört nie in eine Seite.",
    new: "Neuer Schlüssel",
    name: "Name",
    name_hint: "Wo er benutzt wird, etwa Shop-Backend.",
    scopes: "Darf",
    scopes_about: "Geben Sie so wenig, wie die Aufgabe braucht. Mehr gibt ein anderer Schlüssel.",
    agents: "Agenten",
    agents_hint: "Keinen wählen heißt alle, auch künftige.",
    all_agents: "Alle Agenten",
    addresses: "Adressen",
    addresses_hint: "IP-Adressen oder Netze, eine je Zeile, etwa 192.0.2.0/24. Leer: von überall.",
    anywhere: "Von überall",
    expires: "Läuft ab",
    expires_never: "Nie",
    expires_30: "In 30 Tagen",
    expires_90: "In 90 Tagen",
    expires_365: "In einem Jahr",
    expired: "Abgelaufen",
    used: "Zuletzt benutzt",
    never_used: "Nie",
    make: "Schlüssel anlegen",
    made_title: "Ihr neuer Schlüssel",
    made_text: "Kopieren Sie ihn jetzt und bewahren Sie ihn sicher auf. Er wird nicht noch einmal angezeigt; hier bleibt nur sein Hash.",
    made_done: "Ich habe ihn aufbewahrt",
    revoke: "Widerrufen",
    revoke_title: "{} widerrufen?",
    revoke_text: "Er gilt sofort nicht mehr, und offene Streams enden. Das lässt sich nicht rückgängig machen; legen Sie erst einen neuen an, wenn ein Backend noch einen braucht.",
    revoked: "Der Schlüssel ist widerrufen.",
    none_yet: "Noch keine API-Schlüssel",
    none_yet_text: "Das Widget braucht keinen. Legen Sie einen an, wenn ein Backend mit einem Agenten sprechen oder Ergebnisse lesen soll.",
    no_name: "Geben Sie dem Schlüssel einen Namen.",
    no_scope: "Wählen Sie mindestens eine Sache, die der Schlüssel darf.",
    chat: "Mit Agenten sprechen, in eigenen Gesprächen",
    sessions_read: "Die Gespräche aller lesen",
    agents_read: "Agenten und ihre Konfiguration lesen",
    agents_write: "Agenten anlegen, ändern, veröffentlichen, löschen",
    access_write: "Festlegen, welche Websites einen Agenten einbinden",
    traces_read: "Traces und Nutzung lesen",
    keys_write: "API-Schlüssel anlegen und widerrufen",
    admin: "Alles",
};

/// Every scope in the order in which it is offered, from what most keys need to what few should have.
pub const SCOPES: [&str; 8] = [
    "chat",
    "sessions:read",
    "agents:read",
    "agents:write",
    "access:write",
    "traces:read",
    "keys:write",
    "admin",
];

impl Keys {
    /// What a scope allows.
    pub fn scope<'a>(&self, scope: &'a str) -> &'a str {
        match scope {
            "chat" => self.chat,
            "sessions:read" => self.sessions_read,
            "agents:read" => self.agents_read,
            "agents:write" => self.agents_write,
            "access:write" => self.access_write,
            "traces:read" => self.traces_read,
            "keys:write" => self.keys_write,
            "admin" => self.admin,
            other => other,
        }
    }
}
