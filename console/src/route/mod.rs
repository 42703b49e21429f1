//! Every page of the console as a type, and its path. A path is read and written here alone, so a link cannot lead
//! nowhere. What follows a `?` is the page's own affair.

#[cfg(test)]
mod tests;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The first admin makes an account; the token is in the fragment.
    Setup,
    /// Somebody who was invited makes an account; the token is in the fragment.
    Invite,
    /// The list of agents, the first page.
    Agents,
    /// A new agent.
    NewAgent,
    /// One agent by its key, at one of its tabs.
    Agent(String, Tab),
    /// Everybody's conversations.
    Conversations,
    /// One of them by its id.
    Conversation(String),
    /// The traces of one conversation.
    ConversationTraces(String),
    /// What agents received and did.
    Traces,
    /// One trace by its run.
    Trace(String),
    /// Figures over time.
    Usage,
    /// API keys.
    ApiKeys,
    /// What was done by whom.
    Audit,
    /// Settings, at one of their tabs.
    Settings(Facet),
    /// There is no such page.
    Unknown,
}

/// The facets of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// What the server runs with.
    Server,
    /// Models, to be tried.
    Models,
    /// Who may log in.
    Users,
    /// The person's own password.
    Account,
}

impl Facet {
    /// All of them in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Server, Self::Models, Self::Users, Self::Account];

    fn part(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Models => "models",
            Self::Users => "users",
            Self::Account => "account",
        }
    }

    fn read(part: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.part() == part)
    }
}

/// The facets of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Figures and state.
    Overview,
    /// Prompt and model, as a form and as YAML.
    Instructions,
    /// What it may look up.
    Knowledge,
    /// Who may embed it.
    Access,
    /// How its widget looks.
    Appearance,
    /// What is pasted into a page.
    Embed,
    /// What its configuration was.
    Versions,
    /// Trying it, with the trace beside.
    Playground,
}

impl Tab {
    /// All of them as they stand in the row of tabs; the playground has a button of its own.
    pub const IN_ROW: [Self; 7] = [
        Self::Overview,
        Self::Instructions,
        Self::Knowledge,
        Self::Access,
        Self::Appearance,
        Self::Embed,
        Self::Versions,
    ];

    /// Its part of the path; the overview is the agent's own path.
    fn part(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Instructions => "instructions",
            Self::Knowledge => "knowledge",
            Self::Access => "access",
            Self::Appearance => "appearance",
            Self::Embed => "embed",
            Self::Versions => "versions",
            Self::Playground => "playground",
        }
    }

    fn read(part: &str) -> Option<Self> {
        let mut all = Self::IN_ROW.into_iter().chain([Self::Playground]);
        all.find(|tab| tab.part() == part)
    }
}

/// Where a page belongs in the sidebar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Agents.
    Agents,
    /// Conversations.
    Conversations,
    /// Traces.
    Traces,
    /// Figures.
    Usage,
    /// Keys.
    ApiKeys,
    /// The audit log.
    Audit,
    /// Settings.
    Settings,
}

impl Route {
    /// Reads a path, with or without its trailing slash.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [] | ["agents"] | ["login"] => Self::Agents,
            ["setup"] => Self::Setup,
            ["invite"] => Self::Invite,
            // A sign that no agent key can have.
            ["agents", "+"] => Self::NewAgent,
            ["agents", key] => Self::Agent(unescaped(key), Tab::Overview),
            ["conversations"] => Self::Conversations,
            ["conversations", id] => Self::Conversation(unescaped(id)),
            ["conversations", id, "traces"] => Self::ConversationTraces(unescaped(id)),
            ["traces"] => Self::Traces,
            ["traces", run] => Self::Trace(unescaped(run)),
            ["usage"] => Self::Usage,
            ["keys"] => Self::ApiKeys,
            ["audit"] => Self::Audit,
            ["settings"] => Self::Settings(Facet::Server),
            ["settings", part] => Facet::read(part).map_or(Self::Unknown, Self::Settings),
            ["agents", key, part] => Tab::read(part).map_or(Self::Unknown, |tab| Self::Agent(unescaped(key), tab)),
            _ => Self::Unknown,
        }
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self {
            Self::Setup => "/setup".to_owned(),
            Self::Invite => "/invite".to_owned(),
            Self::Agents | Self::Unknown => "/agents".to_owned(),
            Self::Conversations => "/conversations".to_owned(),
            Self::Conversation(id) => format!("/conversations/{}", escaped(id)),
            Self::ConversationTraces(id) => format!("/conversations/{}/traces", escaped(id)),
            Self::Traces => "/traces".to_owned(),
            Self::Trace(run) => format!("/traces/{}", escaped(run)),
            Self::Usage => "/usage".to_owned(),
            Self::ApiKeys => "/keys".to_owned(),
            Self::Audit => "/audit".to_owned(),
            Self::Settings(Facet::Server) => "/settings".to_owned(),
            Self::Settings(facet) => format!("/settings/{}", facet.part()),
            Self::NewAgent => "/agents/+".to_owned(),
            Self::Agent(key, Tab::Overview) => format!("/agents/{}", escaped(key)),
            Self::Agent(key, tab) => format!("/agents/{}/{}", escaped(key), tab.part()),
        }
    }

    /// Its place in the sidebar; pages outside of it have none.
    pub fn section(&self) -> Option<Section> {
        match self {
            Self::Agents | Self::NewAgent | Self::Agent(..) => Some(Section::Agents),
            Self::Conversations | Self::Conversation(_) => Some(Section::Conversations),
            Self::Traces | Self::Trace(_) | Self::ConversationTraces(_) => Some(Section::Traces),
            Self::Usage => Some(Section::Usage),
            Self::ApiKeys => Some(Section::ApiKeys),
            Self::Audit => Some(Section::Audit),
            Self::Settings(_) => Some(Section::Settings),
            Self::Setup | Self::Invite | Self::Unknown => None,
        }
    }
}

/// A text as one part of a path or a query: everything but letters, digits and `-_.~` is escaped.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            for half in [byte >> 4, byte & 15] {
                escaped.push(
                    char::from_digit(u32::from(half), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase(),
                );
            }
        }
    }
    escaped
}

/// The text of an escaped part; what is no escape stays as it is.
pub fn unescaped(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = part.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
