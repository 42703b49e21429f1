//! Words about conversations.

/// Words about conversations.
#[derive(Debug)]
pub struct Conversations {
    /// Title of the list.
    pub title: &'static str,
    /// Finds one.
    pub find: &'static str,
    /// A filter and a fact.
    pub agent: &'static str,
    /// Every agent.
    pub all_agents: &'static str,
    /// A filter and a fact.
    pub status: &'static str,
    /// Every state.
    pub all_states: &'static str,
    /// A filter and a fact.
    pub kind: &'static str,
    /// Everybody.
    pub all_kinds: &'static str,
    /// A filter and a fact.
    pub origin: &'static str,
    /// A filter.
    pub feedback: &'static str,
    /// Rated or not.
    pub all_feedback: &'static str,
    /// With any rating.
    pub any_feedback: &'static str,
    /// A rating.
    pub helpful: &'static str,
    /// A rating.
    pub not_helpful: &'static str,
    /// A filter.
    pub from: &'static str,
    /// A filter.
    pub to: &'static str,
    /// How days are meant.
    pub days_about: &'static str,
    /// Takes the filters off.
    pub clear: &'static str,
    /// A column.
    pub conversation: &'static str,
    /// A column and a heading.
    pub messages: &'static str,
    /// A column.
    pub last: &'static str,
    /// A state.
    pub active: &'static str,
    /// A state.
    pub processing: &'static str,
    /// A state.
    pub idle: &'static str,
    /// A state.
    pub error: &'static str,
    /// A kind.
    pub visitor: &'static str,
    /// A kind.
    pub backend: &'static str,
    /// A kind.
    pub preview: &'static str,
    /// One without a title.
    pub untitled: &'static str,
    /// There is none.
    pub none_yet: &'static str,
    /// What to do.
    pub none_yet_text: &'static str,
    /// None fits.
    pub none_found: &'static str,
    /// What to do.
    pub none_found_text: &'static str,
    /// Gets a file.
    pub export: &'static str,
    /// Question before the file.
    pub export_title: &'static str,
    /// What is in it.
    pub export_text: &'static str,
    /// A kind of file.
    pub export_json: &'static str,
    /// A kind of file.
    pub export_csv: &'static str,
    /// Which file.
    pub format: &'static str,
    /// Gets it.
    pub get_file: &'static str,
    /// It is there.
    pub exported: &'static str,
    /// Heading of what is beside the messages.
    pub facts: &'static str,
    /// A fact.
    pub page: &'static str,
    /// A fact.
    pub visitor_id: &'static str,
    /// A fact.
    pub id: &'static str,
    /// A fact.
    pub began: &'static str,
    /// Leads to what was done.
    pub traces: &'static str,
    /// Destroys it.
    pub erase: &'static str,
    /// Question before.
    pub erase_title: &'static str,
    /// What happens then.
    pub erase_text: &'static str,
    /// It is done.
    pub erased: &'static str,
    /// New messages come by themselves.
    pub live: &'static str,
    /// The agent writes.
    pub is_writing: &'static str,
    /// Who wrote a message.
    pub from_visitor: &'static str,
    /// Who wrote a message.
    pub from_backend: &'static str,
    /// Who wrote a message.
    pub from_agent: &'static str,
    /// There is no message.
    pub no_messages: &'static str,
    /// The agent waits for a human.
    pub waits: &'static str,
    /// Brings earlier messages.
    pub older: &'static str,
}

pub(super) static ENGLISH: Conversations = Conversations {
    title: "Conversations",
    find: "Search in messages",
    agent: "Agent",
    all_agents: "All agents",
    status: "State",
    all_states: "All states",
    kind: "Started by",
    all_kinds: "Everybody",
    origin: "Website",
    feedback: "Feedback",
    all_feedback: "All",
    any_feedback: "Any",
    helpful: "Helpful",
    not_helpful: "Not helpful",
    from: "From day",
    to: "To day",
    days_about: "Days are in UTC.",
    clear: "Clear filters",
    conversation: "Conversation",
    messages: "Messages",
    last: "Last activity",
    active: "Active",
    processing: "Answering",
    idle: "Idle",
    error: "Failed",
    visitor: "Visitor",
    backend: "Back end",
    preview: "Preview",
    untitled: "Without a title",
    none_yet: "No conversations yet",
    none_yet_text: "As soon as a visitor or a back end writes to one of your agents, the conversation is here. Put an agent on a page to begin.",
    none_found: "No conversation fits these filters",
    none_found_text: "Search for another word, or clear the filters.",
    export: "Export",
    export_title: "Export conversations",
    export_text: "The file holds every conversation that fits the filters of the list, with all its messages. The audit log notes the export.",
    export_json: "JSON, for programs",
    export_csv: "CSV, for spreadsheets",
    format: "Format",
    get_file: "Get the file",
    exported: "The file is in your downloads.",
    facts: "About this conversation",
    page: "Page",
    visitor_id: "Visitor",
    id: "Id",
    began: "Began",
    traces: "Show traces",
    erase: "Erase",
    erase_title: "Erase this conversation?",
    erase_text: "All its messages and traces are destroyed. The visitor begins anew. This cannot be undone.",
    erased: "The conversation is erased.",
    live: "Live: new messages appear by themselves",
    is_writing: "The agent is writing",
    from_visitor: "Visitor",
    from_backend: "Back end",
    from_agent: "Agent",
    no_messages: "Nothing was written in this conversation yet.",
    waits: "The agent waits for an answer of your team.",
    older: "Show earlier messages",
};

pub(super) static GERMAN: Conversations = Conversations {
    title: "Gespräche",
    find: "In Nachrichten suchen",
    agent: "Agent",
    all_agents: "Alle Agenten",
    status: "Status",
    all_states: "Alle Status",
    kind: "Begonnen von",
    all_kinds: "Allen",
    origin: "Website",
    feedback: "Feedback",
    all_feedback: "Alle",
    any_feedback: "Vorhanden",
    helpful: "Hilfreich",
    not_helpful: "Nicht hilfreich",
    from: "Ab Tag",
    to: "Bis Tag",
    days_about: "Tage in UTC.",
    clear: "Filter zurücksetzen",
    conversation: "Gespräch",
    messages: "Nachrichten",
    last: "Letzte Aktivität",
    active: "Aktiv",
    processing: "Antwortet",
    idle: "Ruht",
    error: "Fehlgeschlagen",
    visitor: "Besucher",
    backend: "Backend",
    preview: "Vorschau",
    untitled: "Ohne Titel",
    none_yet: "Noch keine Gespräche",
    none_yet_text: "Sobald ein Besucher oder ein Backend einem Ihrer Agenten schreibt, steht das Gespräch hier. Binden Sie einen Agenten in eine Seite ein.",
    none_found: "Kein Gespräch passt zu diesen Filtern",
    none_found_text: "Suchen Sie ein anderes Wort, oder setzen Sie die Filter zurück.",
    export: "Exportieren",
    export_title: "Gespräche exportieren",
    export_text: "Die Datei enthält jedes Gespräch, das zu den Filtern der Liste passt, mit allen Nachrichten. Das Protokoll vermerkt den Export.",
    export_json: "JSON, für Programme",
    export_csv: "CSV, für Tabellen",
    format: "Format",
    get_file: "Datei holen",
    exported: "Die Datei liegt in Ihren Downloads.",
    facts: "Über dieses Gespräch",
    page: "Seite",
    visitor_id: "Besucher",
    id: "Kennung",
    began: "Begonnen",
    traces: "Traces anzeigen",
    erase: "Löschen",
    erase_title: "Dieses Gespräch löschen?",
    erase_text: "Alle Nachrichten und Traces werden vernichtet. Der Besucher beginnt von vorn. Das lässt sich nicht rückgängig machen.",
    erased: "Das Gespräch ist gelöscht.",
    live: "Live: neue Nachrichten erscheinen von selbst",
    is_writing: "Der Agent schreibt",
    from_visitor: "Besucher",
    from_backend: "Backend",
    from_agent: "Agent",
    no_messages: "In diesem Gespräch wurde noch nichts geschrieben.",
    waits: "Der Agent wartet auf eine Antwort Ihres Teams.",
    older: "Frühere Nachrichten anzeigen",
};

impl Conversations {
    /// The word for a state.
    pub fn state(&self, state: &str) -> &'static str {
        match state {
            "processing" => self.processing,
            "idle" => self.idle,
            "error" => self.error,
            _ => self.active,
        }
    }

    /// The word for a rating.
    pub fn rating(&self, is_up: bool) -> &'static str {
        if is_up { self.helpful } else { self.not_helpful }
    }

    /// The word for who began it.
    pub fn kind_of(&self, kind: &str) -> &'static str {
        match kind {
            "backend" => self.backend,
            "preview" => self.preview,
            _ => self.visitor,
        }
    }
}
