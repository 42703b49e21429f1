//! Words about what a configuration was.

/// Words about what a configuration was.
#[derive(Debug)]
pub struct Versions {
    /// What a version is.
    pub about: &'static str,
    /// Name of the list.
    pub all: &'static str,
    /// A column.
    pub version: &'static str,
    /// A state.
    pub deployed: &'static str,
    /// Shows what differs.
    pub compare: &'static str,
    /// Title of that.
    pub compare_title: &'static str,
    /// Beside which.
    pub beside: &'static str,
    /// There is none before.
    pub first: &'static str,
    /// Makes it the one that answers.
    pub deploy: &'static str,
    /// The same by number.
    pub deploy_number: &'static str,
    /// The question.
    pub deploy_title: &'static str,
    /// What happens then.
    pub deploy_text: &'static str,
    /// It is done.
    pub deployed_now: &'static str,
}

pub(super) static ENGLISH: Versions = Versions {
    about: "Every change of the instructions is a new version. Conversations that run keep theirs.",
    all: "Versions",
    version: "Version",
    deployed: "Deployed",
    compare: "Compare",
    compare_title: "Version {}",
    beside: "Beside version {}: removed lines are red, added ones green.",
    first: "The first version; there is nothing to compare it with.",
    deploy: "Deploy",
    deploy_number: "Deploy version {}",
    deploy_title: "Deploy version {}?",
    deploy_text: "New conversations get this version at once. You can go back at any time.",
    deployed_now: "Version {} is deployed.",
};

pub(super) static GERMAN: Versions = Versions {
    about: "Jede Änderung der Anweisungen ist eine neue Version. Laufende Gespräche behalten ihre.",
    all: "Versionen",
    version: "Version",
    deployed: "Aktiv",
    compare: "Vergleichen",
    compare_title: "Version {}",
    beside: "Neben Version {}: Entfernte Zeilen sind rot, neue grün.",
    first: "Die erste Version; es gibt nichts, womit man sie vergleichen könnte.",
    deploy: "Aktivieren",
    deploy_number: "Version {} aktivieren",
    deploy_title: "Version {} aktivieren?",
    deploy_text: "Neue Gespräche bekommen sofort diese Version. Sie können jederzeit zurück.",
    deployed_now: "Version {} ist aktiv.",
};
