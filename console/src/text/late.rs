//! The words of the pages that are not needed first (`crate::late`), beside those that they share with the others.

use super::{
    Access, Agent, Agents, Appearance, Audit, Conversations, Embed, General, Instructions, Keys, Knowledge, Locale,
    NewAgent, People, Playground, Settings, Shell, Traces, Usage, Users, Versions,
};
use super::{
    access, agent, agents, appearance, audit, conversations, embed, general, instructions, keys, knowledge, new_agent,
    people, playground, settings, shell, traces, usage, users, versions,
};

/// All words that these pages need, of one language.
#[derive(Debug)]
pub struct LateWords {
    /// Everywhere.
    pub general: &'static General,
    /// The frame around every page.
    pub shell: &'static Shell,
    /// Users.
    pub people: &'static People,
    /// Agents.
    pub agents: &'static Agents,
    /// What a configuration was.
    pub versions: &'static Versions,
    /// Trying an agent.
    pub playground: &'static Playground,
    /// Making an agent.
    pub new_agent: &'static NewAgent,
    /// What an agent may look up.
    pub knowledge: &'static Knowledge,
    /// An agent's configuration.
    pub instructions: &'static Instructions,
    /// Putting it on a page.
    pub embed: &'static Embed,
    /// How a widget looks.
    pub appearance: &'static Appearance,
    /// One agent.
    pub agent: &'static Agent,
    /// Who may embed an agent.
    pub access: &'static Access,
    /// The audit log.
    pub audit: &'static Audit,
    /// Conversations.
    pub conversations: &'static Conversations,
    /// API keys.
    pub keys: &'static Keys,
    /// Settings.
    pub settings: &'static Settings,
    /// Traces.
    pub traces: &'static Traces,
    /// Figures over time.
    pub usage: &'static Usage,
    /// Users and their roles.
    pub users: &'static Users,
}

static ENGLISH: LateWords = LateWords {
    general: &general::ENGLISH,
    shell: &shell::ENGLISH,
    people: &people::ENGLISH,
    agents: &agents::ENGLISH,
    versions: &versions::ENGLISH,
    playground: &playground::ENGLISH,
    new_agent: &new_agent::ENGLISH,
    knowledge: &knowledge::ENGLISH,
    instructions: &instructions::ENGLISH,
    embed: &embed::ENGLISH,
    appearance: &appearance::ENGLISH,
    agent: &agent::ENGLISH,
    access: &access::ENGLISH,
    audit: &audit::ENGLISH,
    conversations: &conversations::ENGLISH,
    keys: &keys::ENGLISH,
    settings: &settings::ENGLISH,
    traces: &traces::ENGLISH,
    usage: &usage::ENGLISH,
    users: &users::ENGLISH,
};

static GERMAN: LateWords = LateWords {
    general: &general::GERMAN,
    shell: &shell::GERMAN,
    people: &people::GERMAN,
    agents: &agents::GERMAN,
    versions: &versions::GERMAN,
    playground: &playground::GERMAN,
    new_agent: &new_agent::GERMAN,
    knowledge: &knowledge::GERMAN,
    instructions: &instructions::GERMAN,
    embed: &embed::GERMAN,
    appearance: &appearance::GERMAN,
    agent: &agent::GERMAN,
    access: &access::GERMAN,
    audit: &audit::GERMAN,
    conversations: &conversations::GERMAN,
    keys: &keys::GERMAN,
    settings: &settings::GERMAN,
    traces: &traces::GERMAN,
    usage: &usage::GERMAN,
    users: &users::GERMAN,
};

/// The words of a language.
pub fn late_words(locale: Locale) -> &'static LateWords {
    match locale {
        Locale::English => &ENGLISH,
        Locale::German => &GERMAN,
    }
}
