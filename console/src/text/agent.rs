//! Words of one agent's page.

use crate::route::Tab;

/// Words of one agent's page.
#[derive(Debug)]
pub struct Agent {
    /// There is no such agent.
    pub gone: &'static str,
    /// Name of the row of tabs.
    pub tabs: &'static str,
    /// A tab.
    pub overview: &'static str,
    /// A tab.
    pub instructions: &'static str,
    /// A tab.
    pub knowledge: &'static str,
    /// A tab.
    pub access: &'static str,
    /// A tab.
    pub appearance: &'static str,
    /// A tab.
    pub embed: &'static str,
    /// A tab.
    pub versions: &'static str,
    /// A tab.
    pub playground: &'static str,
    /// A version by its number.
    pub version: &'static str,
    /// Goes to the playground.
    pub open_playground: &'static str,
    /// Name of the preview.
    pub live_preview: &'static str,
    /// A wide screen.
    pub desktop: &'static str,
    /// A narrow screen.
    pub phone: &'static str,
    /// Name of the figures.
    pub last_day: &'static str,
    /// A figure.
    pub messages: &'static str,
    /// A figure.
    pub visitors: &'static str,
    /// A figure: nearly all answers begin by then.
    pub first_token: &'static str,
    /// A figure.
    pub refused: &'static str,
    /// Title of what is to do.
    pub next_steps: &'static str,
    /// What it is.
    pub next_steps_about: &'static str,
    /// A step.
    pub step_made: &'static str,
    /// A step.
    pub step_public: &'static str,
    /// A step.
    pub step_origin: &'static str,
    /// A step.
    pub step_installed: &'static str,
    /// A step is done.
    pub done: &'static str,
    /// A step is to do.
    pub open: &'static str,
    /// Title of the facts.
    pub facts: &'static str,
    /// The version that answers.
    pub deployed_version: &'static str,
    /// When something was made.
    pub made: &'static str,
    /// Destroys the agent.
    pub delete: &'static str,
    /// What that means.
    pub delete_about: &'static str,
    /// The question.
    pub delete_title: &'static str,
    /// What happens then.
    pub delete_text: &'static str,
    /// It is done.
    pub deleted: &'static str,
}

pub(super) static ENGLISH: Agent = Agent {
    gone: "There is no such agent",
    tabs: "Facets of this agent",
    overview: "Overview",
    instructions: "Instructions",
    knowledge: "Knowledge",
    access: "Access",
    appearance: "Appearance",
    embed: "Embed",
    versions: "Versions",
    playground: "Playground",
    version: "Version {}",
    open_playground: "Open playground",
    live_preview: "Live preview",
    desktop: "Desktop",
    phone: "Phone",
    last_day: "The last 24 hours",
    messages: "Messages today",
    visitors: "Visitors",
    first_token: "First token, p95",
    refused: "Refused origins",
    next_steps: "Ready for visitors?",
    next_steps_about: "What it takes before somebody can write.",
    step_made: "The agent has instructions",
    step_public: "Public access is on",
    step_origin: "A website is on the list",
    step_installed: "A page has loaded the widget",
    done: "done",
    open: "to do",
    facts: "About this agent",
    deployed_version: "Deployed version",
    made: "Created",
    delete: "Delete agent",
    delete_about: "Its widget stops everywhere at once.",
    delete_title: "Delete {}?",
    delete_text: "The agent, its versions and its knowledge are removed, and every page that embeds it loses the widget. This cannot be undone.",
    deleted: "The agent was deleted.",
};

pub(super) static GERMAN: Agent = Agent {
    gone: "Diesen Agenten gibt es nicht",
    tabs: "Bereiche dieses Agenten",
    overview: "Übersicht",
    instructions: "Anweisungen",
    knowledge: "Wissen",
    access: "Zugang",
    appearance: "Aussehen",
    embed: "Einbinden",
    versions: "Versionen",
    playground: "Ausprobieren",
    version: "Version {}",
    open_playground: "Ausprobieren",
    live_preview: "Live-Vorschau",
    desktop: "Desktop",
    phone: "Telefon",
    last_day: "Die letzten 24 Stunden",
    messages: "Nachrichten heute",
    visitors: "Besucher",
    first_token: "Erstes Token, p95",
    refused: "Abgewiesene Herkünfte",
    next_steps: "Bereit für Besucher?",
    next_steps_about: "Was es braucht, bevor jemand schreiben kann.",
    step_made: "Der Agent hat Anweisungen",
    step_public: "Der öffentliche Zugang ist an",
    step_origin: "Eine Website steht auf der Liste",
    step_installed: "Eine Seite hat das Widget geladen",
    done: "erledigt",
    open: "offen",
    facts: "Über diesen Agenten",
    deployed_version: "Aktive Version",
    made: "Angelegt",
    delete: "Agent löschen",
    delete_about: "Sein Widget hört überall sofort auf.",
    delete_title: "{} löschen?",
    delete_text: "Der Agent, seine Versionen und sein Wissen werden entfernt, und jede Seite, die ihn einbindet, verliert das Widget. Das lässt sich nicht rückgängig machen.",
    deleted: "Der Agent wurde gelöscht.",
};

impl Agent {
    /// The name of a tab.
    pub fn tab(&self, tab: Tab) -> &'static str {
        match tab {
            Tab::Overview => self.overview,
            Tab::Instructions => self.instructions,
            Tab::Knowledge => self.knowledge,
            Tab::Access => self.access,
            Tab::Appearance => self.appearance,
            Tab::Embed => self.embed,
            Tab::Versions => self.versions,
            Tab::Playground => self.playground,
        }
    }
}
