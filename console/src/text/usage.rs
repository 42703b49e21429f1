//! Words about figures.

/// Words about figures.
#[derive(Debug)]
pub struct Usage {
    /// Title of the page.
    pub title: &'static str,
    /// How long a time.
    pub span: &'static str,
    /// A time.
    pub days_1: &'static str,
    /// A time.
    pub days_7: &'static str,
    /// A time.
    pub days_30: &'static str,
    /// A filter and a column.
    pub agent: &'static str,
    /// Every agent.
    pub all_agents: &'static str,
    /// What changes are held against.
    pub against: &'static str,
    /// Name of the figures at the top.
    pub totals: &'static str,
    /// A figure.
    pub messages: &'static str,
    /// A figure.
    pub visitors: &'static str,
    /// A figure.
    pub sessions: &'static str,
    /// A figure.
    pub tokens: &'static str,
    /// A figure.
    pub errors: &'static str,
    /// A figure.
    pub refused: &'static str,
    /// A figure.
    pub first_token: &'static str,
    /// A figure.
    pub turn: &'static str,
    /// A plot.
    pub first_token_50: &'static str,
    /// A plot.
    pub turn_50: &'static str,
    /// A heading.
    pub by_agent: &'static str,
    /// A heading.
    pub over_time: &'static str,
    /// What one would see in a plot.
    pub summary: &'static str,
    /// What one would see in a plot of times.
    pub summary_slowest: &'static str,
    /// There is nothing in a plot.
    pub summary_none: &'static str,
    /// A column.
    pub time: &'static str,
    /// Nothing happened.
    pub none_yet: &'static str,
    /// What to do.
    pub none_yet_text: &'static str,
}

pub(super) static ENGLISH: Usage = Usage {
    title: "Usage",
    span: "Time span",
    days_1: "24 hours",
    days_7: "7 days",
    days_30: "30 days",
    agent: "Agent",
    all_agents: "All agents",
    against: "Changes against the same span before it. Times in UTC.",
    totals: "Totals",
    messages: "Messages",
    visitors: "Visitors",
    sessions: "Conversations",
    tokens: "Tokens",
    errors: "Failed turns",
    refused: "Refused origins",
    first_token: "First token, p95",
    turn: "Whole turn, p95",
    first_token_50: "First token, median",
    turn_50: "Whole turn, median",
    by_agent: "By agent",
    over_time: "Over time",
    summary: "{} in all, at most {} ({})",
    summary_slowest: "Slowest {} ({})",
    summary_none: "Nothing in this span",
    time: "Time",
    none_yet: "Nothing happened in this span",
    none_yet_text: "Figures come with the first messages. Show a longer span, or put an agent on a page.",
};

pub(super) static GERMAN: Usage = Usage {
    title: "Nutzung",
    span: "Zeitraum",
    days_1: "24 Stunden",
    days_7: "7 Tage",
    days_30: "30 Tage",
    agent: "Agent",
    all_agents: "Alle Agenten",
    against: "Veränderung gegenüber dem gleich langen Zeitraum davor. Zeiten in UTC.",
    totals: "Summen",
    messages: "Nachrichten",
    visitors: "Besucher",
    sessions: "Gespräche",
    tokens: "Tokens",
    errors: "Fehlgeschlagene Antworten",
    refused: "Abgelehnte Herkünfte",
    first_token: "Erstes Token, p95",
    turn: "Ganze Antwort, p95",
    first_token_50: "Erstes Token, Median",
    turn_50: "Ganze Antwort, Median",
    by_agent: "Nach Agent",
    over_time: "Im Zeitverlauf",
    summary: "{} insgesamt, höchstens {} ({})",
    summary_slowest: "Am langsamsten {} ({})",
    summary_none: "Nichts in diesem Zeitraum",
    time: "Zeit",
    none_yet: "In diesem Zeitraum ist nichts geschehen",
    none_yet_text: "Zahlen kommen mit den ersten Nachrichten. Zeigen Sie einen längeren Zeitraum, oder binden Sie einen Agenten ein.",
};
