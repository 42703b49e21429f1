//! Words of the audit log.

/// Words of the audit log.
#[derive(Debug)]
pub struct Audit {
    /// Title of the page.
    pub title: &'static str,
    /// What it is.
    pub about: &'static str,
    /// A column and a filter.
    pub action: &'static str,
    /// Every action.
    pub all_actions: &'static str,
    /// A column and a filter.
    pub actor: &'static str,
    /// An example.
    pub actor_hint: &'static str,
    /// A column and a filter.
    pub subject: &'static str,
    /// An example.
    pub subject_hint: &'static str,
    /// A column.
    pub when: &'static str,
    /// A column.
    pub detail: &'static str,
    /// Takes the filters off.
    pub clear: &'static str,
    /// There is nothing.
    pub none_yet: &'static str,
    /// What will be there.
    pub none_yet_text: &'static str,
    /// Nothing fits.
    pub none_found: &'static str,
    /// What to do.
    pub none_found_text: &'static str,
    /// Who.
    pub command_line: &'static str,
    /// Who.
    pub a_visitor: &'static str,
    /// Who.
    pub set_up: &'static str,
    /// `agent.created`.
    pub agent_created: &'static str,
    /// `agent.updated`.
    pub agent_updated: &'static str,
    /// `agent.deleted`.
    pub agent_deleted: &'static str,
    /// `agent.version_deployed`.
    pub agent_version_deployed: &'static str,
    /// `agent.access_changed`.
    pub agent_access_changed: &'static str,
    /// `agent.origins_changed`.
    pub agent_origins_changed: &'static str,
    /// `agent.any_origin_changed`.
    pub agent_any_origin_changed: &'static str,
    /// `agent.dev_mode_changed`.
    pub agent_dev_mode_changed: &'static str,
    /// `agent.default_changed`.
    pub agent_default_changed: &'static str,
    /// `agent.budget_changed`.
    pub agent_budget_changed: &'static str,
    /// `agent.previewed`.
    pub agent_previewed: &'static str,
    /// `origin.refused`.
    pub origin_refused: &'static str,
    /// `key.refused`.
    pub key_refused: &'static str,
    /// `key.created`.
    pub key_created: &'static str,
    /// `key.revoked`.
    pub key_revoked: &'static str,
    /// `session.erased`.
    pub session_erased: &'static str,
    /// `conversation.erased`.
    pub conversation_erased: &'static str,
    /// `conversations.exported`.
    pub conversations_exported: &'static str,
    /// `knowledge.added`.
    pub knowledge_added: &'static str,
    /// `knowledge.removed`.
    pub knowledge_removed: &'static str,
    /// `login.succeeded`.
    pub login_succeeded: &'static str,
    /// `login.failed`.
    pub login_failed: &'static str,
    /// `login.ended`.
    pub login_ended: &'static str,
    /// `user.set_up`.
    pub user_set_up: &'static str,
    /// `user.created`.
    pub user_created: &'static str,
    /// `user.invited`.
    pub user_invited: &'static str,
    /// `user.joined`.
    pub user_joined: &'static str,
    /// `user.changed`.
    pub user_changed: &'static str,
    /// `user.removed`.
    pub user_removed: &'static str,
    /// `user.password_changed`.
    pub user_password_changed: &'static str,
}

pub(super) static ENGLISH: Audit = Audit {
    title: "Audit log",
    about: "Who did what, and when. It holds ids only: no messages, no secrets.",
    action: "What",
    all_actions: "Everything",
    actor: "Who",
    actor_hint: "Id of a user or key",
    subject: "To what",
    subject_hint: "Id of an agent, key, user",
    when: "When",
    detail: "Detail",
    clear: "Clear filters",
    none_yet: "Nothing was done yet",
    none_yet_text: "Changes to agents, keys and users are noted here, and pages that were refused.",
    none_found: "Nothing fits these filters",
    none_found_text: "Ids are compared as a whole. Clear a filter to see more.",
    command_line: "Command line",
    a_visitor: "Visitor",
    set_up: "Set-up",
    agent_created: "Agent made",
    agent_updated: "Configuration of an agent changed",
    agent_deleted: "Agent deleted",
    agent_version_deployed: "Version of an agent deployed",
    agent_access_changed: "Public access of an agent switched",
    agent_origins_changed: "Allowed origins of an agent changed",
    agent_any_origin_changed: "Any origin switched for an agent",
    agent_dev_mode_changed: "Development mode of an agent switched",
    agent_default_changed: "Default agent changed",
    agent_budget_changed: "Token budget of an agent changed",
    agent_previewed: "Agent tried in the console",
    origin_refused: "Page refused that is not allowed",
    key_refused: "Page refused that asked to send a key",
    key_created: "API key made",
    key_revoked: "API key revoked",
    session_erased: "Conversation erased by its visitor",
    conversation_erased: "Conversation erased",
    conversations_exported: "Conversations exported",
    knowledge_added: "Document added to knowledge",
    knowledge_removed: "Document removed from knowledge",
    login_succeeded: "Logged in",
    login_failed: "Log-in failed",
    login_ended: "Logged out",
    user_set_up: "First owner set up",
    user_created: "User made",
    user_invited: "User invited",
    user_joined: "Invitation accepted",
    user_changed: "User changed",
    user_removed: "User removed",
    user_password_changed: "Password changed",
};

pub(super) static GERMAN: Audit = Audit {
    title: "Protokoll",
    about: "Wer was wann getan hat. Es enthält nur Kennungen: keine Nachrichten, keine Geheimnisse.",
    action: "Was",
    all_actions: "Alles",
    actor: "Wer",
    actor_hint: "Kennung eines Benutzers oder Schlüssels",
    subject: "Woran",
    subject_hint: "Kennung von Agent, Schlüssel, Benutzer",
    when: "Wann",
    detail: "Einzelheiten",
    clear: "Filter zurücksetzen",
    none_yet: "Noch ist nichts geschehen",
    none_yet_text: "Hier werden Änderungen an Agenten, Schlüsseln und Benutzern vermerkt, und abgelehnte Seiten.",
    none_found: "Nichts passt zu diesen Filtern",
    none_found_text: "Kennungen werden als Ganzes verglichen. Entfernen Sie einen Filter, um mehr zu sehen.",
    command_line: "Kommandozeile",
    a_visitor: "Besucher",
    set_up: "Einrichtung",
    agent_created: "Agent angelegt",
    agent_updated: "Konfiguration eines Agenten geändert",
    agent_deleted: "Agent gelöscht",
    agent_version_deployed: "Version eines Agenten veröffentlicht",
    agent_access_changed: "Öffentlicher Zugang eines Agenten umgeschaltet",
    agent_origins_changed: "Erlaubte Herkünfte eines Agenten geändert",
    agent_any_origin_changed: "Jede Herkunft für einen Agenten umgeschaltet",
    agent_dev_mode_changed: "Entwicklungsmodus eines Agenten umgeschaltet",
    agent_default_changed: "Standardagent geändert",
    agent_budget_changed: "Token-Budget eines Agenten geändert",
    agent_previewed: "Agent in der Konsole ausprobiert",
    origin_refused: "Nicht erlaubte Seite abgelehnt",
    key_refused: "Seite abgelehnt, die einen Schlüssel senden wollte",
    key_created: "API-Schlüssel angelegt",
    key_revoked: "API-Schlüssel widerrufen",
    session_erased: "Gespräch von seinem Besucher gelöscht",
    conversation_erased: "Gespräch gelöscht",
    conversations_exported: "Gespräche exportiert",
    knowledge_added: "Dokument zum Wissen hinzugefügt",
    knowledge_removed: "Dokument aus dem Wissen entfernt",
    login_succeeded: "Angemeldet",
    login_failed: "Anmeldung fehlgeschlagen",
    login_ended: "Abgemeldet",
    user_set_up: "Erster Inhaber eingerichtet",
    user_created: "Benutzer angelegt",
    user_invited: "Benutzer eingeladen",
    user_joined: "Einladung angenommen",
    user_changed: "Benutzer geändert",
    user_removed: "Benutzer entfernt",
    user_password_changed: "Passwort geändert",
};

/// Every action that the console has words for.
pub const ACTIONS: [&str; 30] = [
    "agent.created",
    "agent.updated",
    "agent.deleted",
    "agent.version_deployed",
    "agent.access_changed",
    "agent.origins_changed",
    "agent.any_origin_changed",
    "agent.dev_mode_changed",
    "agent.default_changed",
    "agent.budget_changed",
    "agent.previewed",
    "origin.refused",
    "key.refused",
    "key.created",
    "key.revoked",
    "session.erased",
    "conversation.erased",
    "conversations.exported",
    "knowledge.added",
    "knowledge.removed",
    "login.succeeded",
    "login.failed",
    "login.ended",
    "user.set_up",
    "user.created",
    "user.invited",
    "user.joined",
    "user.changed",
    "user.removed",
    "user.password_changed",
];

impl Audit {
    /// An action in plain words; the server's own word where there are none.
    pub fn action_words<'a>(&self, action: &'a str) -> &'a str {
        match action {
            "agent.created" => self.agent_created,
            "agent.updated" => self.agent_updated,
            "agent.deleted" => self.agent_deleted,
            "agent.version_deployed" => self.agent_version_deployed,
            "agent.access_changed" => self.agent_access_changed,
            "agent.origins_changed" => self.agent_origins_changed,
            "agent.any_origin_changed" => self.agent_any_origin_changed,
            "agent.dev_mode_changed" => self.agent_dev_mode_changed,
            "agent.default_changed" => self.agent_default_changed,
            "agent.budget_changed" => self.agent_budget_changed,
            "agent.previewed" => self.agent_previewed,
            "origin.refused" => self.origin_refused,
            "key.refused" => self.key_refused,
            "key.created" => self.key_created,
            "key.revoked" => self.key_revoked,
            "session.erased" => self.session_erased,
            "conversation.erased" => self.conversation_erased,
            "conversations.exported" => self.conversations_exported,
            "knowledge.added" => self.knowledge_added,
            "knowledge.removed" => self.knowledge_removed,
            "login.succeeded" => self.login_succeeded,
            "login.failed" => self.login_failed,
            "login.ended" => self.login_ended,
            "user.set_up" => self.user_set_up,
            "user.created" => self.user_created,
            "user.invited" => self.user_invited,
            "user.joined" => self.user_joined,
            "user.changed" => self.user_changed,
            "user.removed" => self.user_removed,
            "user.password_changed" => self.user_password_changed,
            other => other,
        }
    }

    /// Whoever has no id.
    pub fn actor_words<'a>(&self, actor: &'a str) -> &'a str {
        match actor {
            "cli" => self.command_line,
            "visitor" => self.a_visitor,
            "setup" => self.set_up,
            other => other,
        }
    }
}
