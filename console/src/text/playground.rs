//! Words about trying an agent.

/// Words about trying an agent.
#[derive(Debug)]
pub struct Playground {
    /// Title of the trace.
    pub trace: &'static str,
    /// What it is.
    pub trace_about: &'static str,
    /// There is none.
    pub none: &'static str,
    /// What comes then.
    pub none_text: &'static str,
    /// A figure.
    pub tokens_in: &'static str,
    /// A figure.
    pub tokens_out: &'static str,
    /// What the model was given.
    pub received: &'static str,
    /// The prompt.
    pub prompt: &'static str,
}

pub(super) static ENGLISH: Playground = Playground {
    trace: "The last turn",
    trace_about: "What the agent received and did for its last answer.",
    none: "Say something to the agent",
    none_text: "Once it has answered, you see here what it received, what it looked up and how long it took.",
    tokens_in: "tokens in",
    tokens_out: "out",
    received: "What the model received",
    prompt: "system",
};

pub(super) static GERMAN: Playground = Playground {
    trace: "Der letzte Austausch",
    trace_about: "Was der Agent für seine letzte Antwort bekam und tat.",
    none: "Sagen Sie dem Agenten etwas",
    none_text: "Sobald er geantwortet hat, sehen Sie hier, was er bekam, was er nachschlug und wie lange es dauerte.",
    tokens_in: "Token ein",
    tokens_out: "aus",
    received: "Was das Modell bekam",
    prompt: "system",
};
