//! Words about traces.

/// Words about traces.
#[derive(Debug)]
pub struct Traces {
    /// Title of the list.
    pub title: &'static str,
    /// What the list is.
    pub about: &'static str,
    /// What the list is for one conversation.
    pub of_one: &'static str,
    /// Title of one.
    pub trace: &'static str,
    /// A filter and a fact.
    pub agent: &'static str,
    /// Every agent.
    pub all_agents: &'static str,
    /// A filter and a column.
    pub status: &'static str,
    /// Every result.
    pub all_states: &'static str,
    /// A result.
    pub completed: &'static str,
    /// A result.
    pub interrupted: &'static str,
    /// A result.
    pub stopped: &'static str,
    /// A result.
    pub error: &'static str,
    /// A column and a heading.
    pub answer: &'static str,
    /// A column and a fact.
    pub duration: &'static str,
    /// A fact.
    pub first_token: &'static str,
    /// A column.
    pub tokens: &'static str,
    /// A fact.
    pub tokens_in: &'static str,
    /// A fact.
    pub tokens_out: &'static str,
    /// A column and a fact.
    pub began: &'static str,
    /// A fact.
    pub model: &'static str,
    /// Leads to the conversation.
    pub conversation: &'static str,
    /// A fact.
    pub correlation: &'static str,
    /// A fact.
    pub version: &'static str,
    /// A fact.
    pub code: &'static str,
    /// There is none.
    pub none_yet: &'static str,
    /// What to do.
    pub none_yet_text: &'static str,
    /// None fits.
    pub none_found: &'static str,
    /// What to do.
    pub none_found_text: &'static str,
    /// Takes the filters off.
    pub clear: &'static str,
    /// Heading of the waterfall.
    pub steps: &'static str,
    /// What the waterfall is.
    pub steps_about: &'static str,
    /// There was none.
    pub no_steps: &'static str,
    /// A column.
    pub step: &'static str,
    /// A column.
    pub start: &'static str,
    /// Heading of what the model was given.
    pub received: &'static str,
    /// What it is.
    pub received_about: &'static str,
    /// Nothing was given.
    pub nothing_received: &'static str,
    /// Part of it.
    pub prompt: &'static str,
    /// Part of it.
    pub sources: &'static str,
    /// Part of a step.
    pub arguments: &'static str,
    /// Part of a step.
    pub result: &'static str,
    /// Who wrote a message.
    pub user: &'static str,
    /// Who wrote a message.
    pub assistant: &'static str,
    /// Who wrote a message.
    pub system: &'static str,
    /// Who wrote a message.
    pub tool: &'static str,
    /// A step.
    pub check: &'static str,
    /// A step.
    pub search: &'static str,
    /// A step.
    pub model_call: &'static str,
    /// A step.
    pub tool_call: &'static str,
    /// It wrote nothing.
    pub no_answer: &'static str,
}

pub(super) static ENGLISH: Traces = Traces {
    title: "Traces",
    about: "What your agents received and did, turn by turn.",
    of_one: "Every turn of one conversation, the latest first.",
    trace: "Trace",
    agent: "Agent",
    all_agents: "All agents",
    status: "Result",
    all_states: "All results",
    completed: "Completed",
    interrupted: "Interrupted",
    stopped: "Stopped",
    error: "Failed",
    answer: "Answer",
    duration: "Duration",
    first_token: "First token after",
    tokens: "Tokens in / out",
    tokens_in: "Tokens read",
    tokens_out: "Tokens written",
    began: "Began",
    model: "Model",
    conversation: "Open the conversation",
    correlation: "Correlation id",
    version: "Configuration",
    code: "Error code",
    none_yet: "No traces yet",
    none_yet_text: "Every answer of an agent leaves a trace a moment after its end. Ask an agent something in its playground.",
    none_found: "No trace fits these filters",
    none_found_text: "Show all agents and all results.",
    clear: "Clear filters",
    steps: "Steps",
    steps_about: "Each step at its place in the time of the whole turn.",
    no_steps: "No step was taken.",
    step: "Step",
    start: "Start",
    received: "What the agent received",
    received_about: "The prompt as it was filled in, the passages that were found, and the messages that went along.",
    nothing_received: "The turn ended before anything was sent to a model.",
    prompt: "System prompt",
    sources: "Sources",
    arguments: "Called with",
    result: "Result",
    user: "User",
    assistant: "Assistant",
    system: "System",
    tool: "Tool",
    check: "Check of the question",
    search: "Search in knowledge",
    model_call: "Model",
    tool_call: "Tool",
    no_answer: "Nothing was written.",
};

pub(super) static GERMAN: Traces = Traces {
    title: "Traces",
    about: "Was Ihre Agenten erhalten und getan haben, Schritt für Schritt.",
    of_one: "Jede Antwort eines Gesprächs, die neueste zuerst.",
    trace: "Trace",
    agent: "Agent",
    all_agents: "Alle Agenten",
    status: "Ergebnis",
    all_states: "Alle Ergebnisse",
    completed: "Abgeschlossen",
    interrupted: "Unterbrochen",
    stopped: "Gestoppt",
    error: "Fehlgeschlagen",
    answer: "Antwort",
    duration: "Dauer",
    first_token: "Erstes Token nach",
    tokens: "Tokens ein / aus",
    tokens_in: "Gelesene Tokens",
    tokens_out: "Geschriebene Tokens",
    began: "Begonnen",
    model: "Modell",
    conversation: "Gespräch öffnen",
    correlation: "Korrelations-ID",
    version: "Konfiguration",
    code: "Fehlercode",
    none_yet: "Noch keine Traces",
    none_yet_text: "Jede Antwort eines Agenten hinterlässt kurz nach ihrem Ende einen Trace. Fragen Sie einen Agenten etwas im Playground.",
    none_found: "Kein Trace passt zu diesen Filtern",
    none_found_text: "Zeigen Sie alle Agenten und alle Ergebnisse.",
    clear: "Filter zurücksetzen",
    steps: "Schritte",
    steps_about: "Jeder Schritt an seinem Platz in der Zeit der ganzen Antwort.",
    no_steps: "Es wurde kein Schritt ausgeführt.",
    step: "Schritt",
    start: "Beginn",
    received: "Was der Agent erhalten hat",
    received_about: "Der ausgefüllte Prompt, die gefundenen Textstellen und die mitgegebenen Nachrichten.",
    nothing_received: "Die Antwort endete, bevor etwas an ein Modell ging.",
    prompt: "System-Prompt",
    sources: "Quellen",
    arguments: "Aufgerufen mit",
    result: "Ergebnis",
    user: "Nutzer",
    assistant: "Assistent",
    system: "System",
    tool: "Werkzeug",
    check: "Prüfung der Frage",
    search: "Suche im Wissen",
    model_call: "Modell",
    tool_call: "Werkzeug",
    no_answer: "Es wurde nichts geschrieben.",
};

impl Traces {
    /// The word for how a turn ended.
    pub fn state<'a>(&self, state: &'a str) -> &'a str {
        match state {
            "completed" => self.completed,
            "interrupted" => self.interrupted,
            "stopped" => self.stopped,
            "error" => self.error,
            other => other,
        }
    }

    /// The word for a step.
    pub fn step_kind<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "check" => self.check,
            "search" => self.search,
            "model" => self.model_call,
            "tool" => self.tool_call,
            other => other,
        }
    }

    /// The word for who wrote a message.
    pub fn role<'a>(&self, role: &'a str) -> &'a str {
        match role {
            "user" => self.user,
            "assistant" => self.assistant,
            "system" => self.system,
            "tool" => self.tool,
            other => other,
        }
    }
}
