//! Words about an agent's configuration.

/// Words about an agent's configuration.
#[derive(Debug)]
pub struct Instructions {
    /// Title of the left side.
    pub form: &'static str,
    /// What it is.
    pub form_about: &'static str,
    /// What the right side is.
    pub yaml_about: &'static str,
    /// A field.
    pub name: &'static str,
    /// A field.
    pub prompt: &'static str,
    /// What it is.
    pub prompt_hint: &'static str,
    /// A field.
    pub model: &'static str,
    /// A model that cannot be used now.
    pub not_ready: &'static str,
    /// Asks the model for a word.
    pub test_model: &'static str,
    /// It has answered.
    pub model_answers: &'static str,
    /// A field.
    pub temperature: &'static str,
    /// What goes in.
    pub temperature_hint: &'static str,
    /// A field.
    pub max_tokens: &'static str,
    /// What goes in.
    pub max_tokens_hint: &'static str,
    /// A field.
    pub description: &'static str,
    /// What it is for.
    pub description_hint: &'static str,
    /// The place of a mistake.
    pub line: &'static str,
    /// There is no mistake.
    pub can_run: &'static str,
    /// Something was changed.
    pub unsaved: &'static str,
    /// Keeps it.
    pub save: &'static str,
}

pub(super) static ENGLISH: Instructions = Instructions {
    form: "Form",
    form_about: "The same configuration as the YAML beside it.",
    yaml_about: "The same configuration as the form. It holds what the form does not show, too.",
    name: "Name",
    prompt: "Instructions",
    prompt_hint: "What the agent is told before every conversation.",
    model: "Model",
    not_ready: "{} (not ready)",
    test_model: "Test model",
    model_answers: "It answers, in {}.",
    temperature: "Temperature",
    temperature_hint: "0 to 2; empty for the model's own.",
    max_tokens: "Longest answer",
    max_tokens_hint: "In tokens; empty for the model's own.",
    description: "Description",
    description_hint: "For you and your team; visitors do not see it.",
    line: "Line {}:",
    can_run: "This configuration can run.",
    unsaved: "You have changes that are not saved.",
    save: "Save as a new version",
};

pub(super) static GERMAN: Instructions = Instructions {
    form: "Formular",
    form_about: "Dieselbe Konfiguration wie das YAML daneben.",
    yaml_about: "Dieselbe Konfiguration wie das Formular. Es enthält auch, was das Formular nicht zeigt.",
    name: "Name",
    prompt: "Anweisungen",
    prompt_hint: "Was dem Agenten vor jedem Gespräch gesagt wird.",
    model: "Modell",
    not_ready: "{} (nicht bereit)",
    test_model: "Modell prüfen",
    model_answers: "Es antwortet, in {}.",
    temperature: "Temperatur",
    temperature_hint: "0 bis 2; leer für die des Modells.",
    max_tokens: "Längste Antwort",
    max_tokens_hint: "In Token; leer für die des Modells.",
    description: "Beschreibung",
    description_hint: "Für Sie und Ihr Team; Besucher sehen sie nicht.",
    line: "Zeile {}:",
    can_run: "Diese Konfiguration kann laufen.",
    unsaved: "Sie haben Änderungen, die nicht gespeichert sind.",
    save: "Als neue Version speichern",
};
