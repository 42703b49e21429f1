//! Words of the list of agents.

/// Words of the list of agents.
#[derive(Debug)]
pub struct Agents {
    /// Title of the list.
    pub title: &'static str,
    /// Makes one.
    pub new: &'static str,
    /// Finds one.
    pub find: &'static str,
    /// A column.
    pub name: &'static str,
    /// A column.
    pub state: &'static str,
    /// A column.
    pub origins: &'static str,
    /// A column.
    pub model: &'static str,
    /// A column.
    pub activity: &'static str,
    /// A column.
    pub changed: &'static str,
    /// Visitors may talk to it.
    pub public: &'static str,
    /// Visitors may not.
    pub private: &'static str,
    /// Any page may embed it.
    pub any_origin: &'static str,
    /// There is no agent.
    pub none_yet: &'static str,
    /// What to do.
    pub none_yet_text: &'static str,
    /// No agent fits.
    pub none_found: &'static str,
    /// What to do.
    pub none_found_text: &'static str,
    /// Every state.
    pub all: &'static str,
    /// How many there are.
    pub count: &'static str,
}

pub(super) static ENGLISH: Agents = Agents {
    title: "Agents",
    new: "New agent",
    find: "Find an agent",
    name: "Agent",
    state: "State",
    origins: "Allowed origins",
    model: "Model",
    activity: "Last activity",
    changed: "Changed",
    public: "Public",
    private: "Private",
    any_origin: "any origin",
    none_yet: "Your first agent",
    none_yet_text: "An agent answers visitors of your website. Make one from a template, choose where it may run, and paste two lines into your page.",
    none_found: "No agent fits your search",
    none_found_text: "Look for a part of its name or key, or show all states.",
    all: "All",
    count: "{} of {} agents",
};

pub(super) static GERMAN: Agents = Agents {
    title: "Agenten",
    new: "Neuer Agent",
    find: "Agent suchen",
    name: "Agent",
    state: "Status",
    origins: "Erlaubte Herkünfte",
    model: "Modell",
    activity: "Letzte Aktivität",
    changed: "Geändert",
    public: "Öffentlich",
    private: "Privat",
    any_origin: "jede Herkunft",
    none_yet: "Ihr erster Agent",
    none_yet_text: "Ein Agent antwortet den Besuchern Ihrer Website. Legen Sie einen nach Vorlage an, wählen Sie, wo er laufen darf, und fügen Sie zwei Zeilen in Ihre Seite ein.",
    none_found: "Kein Agent passt zu Ihrer Suche",
    none_found_text: "Suchen Sie einen Teil des Namens oder Schlüssels, oder zeigen Sie alle Status.",
    all: "Alle",
    count: "{} von {} Agenten",
};
