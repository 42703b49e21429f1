//! Words of the page that makes an agent.

/// Words of the page that makes an agent.
#[derive(Debug)]
pub struct NewAgent {
    /// Title of the choice.
    pub template: &'static str,
    /// Title of the fields.
    pub basics: &'static str,
    /// A field.
    pub name: &'static str,
    /// What it is for.
    pub name_hint: &'static str,
    /// An example.
    pub name_example: &'static str,
    /// It is empty.
    pub no_name: &'static str,
    /// A field.
    pub website: &'static str,
    /// What happens with it.
    pub website_hint: &'static str,
    /// It is wrong, and this would be right.
    pub website_right: &'static str,
    /// It is wrong.
    pub website_wrong: &'static str,
    /// Makes it.
    pub make: &'static str,
    /// A template.
    pub quick_start: &'static str,
    /// What it is for.
    pub quick_start_about: &'static str,
    /// Its instructions.
    pub quick_start_prompt: &'static str,
    /// A template.
    pub support: &'static str,
    /// What it is for.
    pub support_about: &'static str,
    /// Its instructions.
    pub support_prompt: &'static str,
    /// Under its title.
    pub support_subtitle: &'static str,
    /// A question to start with.
    pub support_starter_1: &'static str,
    /// A question to start with.
    pub support_starter_2: &'static str,
    /// Its first words.
    pub welcome: &'static str,
    /// A template.
    pub blank: &'static str,
    /// What it is for.
    pub blank_about: &'static str,
    /// Its instructions.
    pub blank_prompt: &'static str,
}

pub(super) static ENGLISH: NewAgent = NewAgent {
    template: "Start from",
    basics: "Name and website",
    name: "Name",
    name_hint: "Visitors see it at the top of the chat; you can change it later.",
    name_example: "Support Assistant",
    no_name: "Give the agent a name, for example Support Assistant.",
    website: "Your website",
    website_hint: "Optional. Visitors of this website may talk to the agent at once.",
    website_right: "Put in protocol and host alone: {}",
    website_wrong: "Put in protocol and host, for example https://shop.example.",
    make: "Create agent",
    quick_start: "Quick start",
    quick_start_about: "Answers from the documents that you drop in. Needs no key of a model vendor.",
    quick_start_prompt: "You answer questions from the documents that you are given. Quote them, name the source, and say so when they do not hold the answer.",
    support: "Support assistant",
    support_about: "Kind and short, asks back when something is unclear, names its sources.",
    support_prompt: "You are the support assistant of our website. Be kind, short and exact. Answer from the documentation and name the source. When something is unclear, ask one question back. When you do not know, say so and tell how to reach a person.",
    support_subtitle: "We typically reply in minutes",
    support_starter_1: "How do I get started?",
    support_starter_2: "How can I reach a person?",
    welcome: "Hi! I'm here to help. What can I do for you?",
    blank: "Blank",
    blank_about: "A name and one line of instructions; everything else is yours.",
    blank_prompt: "You are a helpful assistant.",
};

pub(super) static GERMAN: NewAgent = NewAgent {
    template: "Beginnen mit",
    basics: "Name und Website",
    name: "Name",
    name_hint: "Besucher sehen ihn oben im Chat; Sie können ihn später ändern.",
    name_example: "Support-Assistent",
    no_name: "Geben Sie dem Agenten einen Namen, zum Beispiel Support-Assistent.",
    website: "Ihre Website",
    website_hint: "Freiwillig. Besucher dieser Website dürfen sofort mit dem Agenten sprechen.",
    website_right: "Geben Sie nur Protokoll und Host ein: {}",
    website_wrong: "Geben Sie Protokoll und Host ein, zum Beispiel https://shop.example.",
    make: "Agent anlegen",
    quick_start: "Schnellstart",
    quick_start_about: "Antwortet aus den Dokumenten, die Sie ablegen. Braucht keinen Schlüssel eines Modellanbieters.",
    quick_start_prompt: "Du beantwortest Fragen aus den Dokumenten, die du bekommst. Zitiere sie, nenne die Quelle, und sage es, wenn die Antwort nicht darin steht.",
    support: "Support-Assistent",
    support_about: "Freundlich und kurz, fragt nach, wenn etwas unklar ist, nennt seine Quellen.",
    support_prompt: "Du bist der Support-Assistent unserer Website. Sei freundlich, kurz und genau. Antworte aus der Dokumentation und nenne die Quelle. Ist etwas unklar, stelle eine Rückfrage. Weißt du etwas nicht, sage es und erkläre, wie man einen Menschen erreicht.",
    support_subtitle: "Wir antworten meist in wenigen Minuten",
    support_starter_1: "Wie fange ich an?",
    support_starter_2: "Wie erreiche ich einen Menschen?",
    welcome: "Hallo! Ich helfe gern. Was kann ich für Sie tun?",
    blank: "Leer",
    blank_about: "Ein Name und eine Zeile Anweisungen; alles andere ist Ihre Sache.",
    blank_prompt: "Du bist ein hilfreicher Assistent.",
};
