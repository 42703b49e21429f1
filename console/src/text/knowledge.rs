//! Words about what an agent may look up.

/// Words about what an agent may look up.
#[derive(Debug)]
pub struct Knowledge {
    /// Title of the place for files.
    pub add: &'static str,
    /// What can be read.
    pub add_about: &'static str,
    /// A field.
    pub base: &'static str,
    /// What it is.
    pub base_hint: &'static str,
    /// The place for files.
    pub drop: &'static str,
    /// Opens the system's dialog.
    pub choose: &'static str,
    /// How far it is.
    pub progress: &'static str,
    /// It is done.
    pub added: &'static str,
    /// There is nothing.
    pub none: &'static str,
    /// What to do.
    pub none_text: &'static str,
    /// What is in it.
    pub base_about: &'static str,
    /// A column.
    pub document: &'static str,
    /// A column.
    pub passages: &'static str,
    /// A column.
    pub size: &'static str,
    /// A column.
    pub indexed: &'static str,
    /// The question.
    pub remove_title: &'static str,
    /// What happens then.
    pub remove_text: &'static str,
}

pub(super) static ENGLISH: Knowledge = Knowledge {
    add: "Add documents",
    add_about: "Text, Markdown and HTML. The agent finds passages of them and names its sources.",
    base: "Knowledge base",
    base_hint: "Documents are kept in knowledge bases; one is enough to begin.",
    drop: "Drop files here, or",
    choose: "Choose files",
    progress: "{} of {} files",
    added: "{} passages can be found now.",
    none: "No documents yet",
    none_text: "Drop in the pages of your help centre or your manual. The agent answers from them and quotes its sources.",
    base_about: "{} documents, {} passages",
    document: "Document",
    passages: "Passages",
    size: "Size",
    indexed: "Indexed",
    remove_title: "Remove {}?",
    remove_text: "The agent will not find it any more. You can add the file again.",
};

pub(super) static GERMAN: Knowledge = Knowledge {
    add: "Dokumente hinzufügen",
    add_about: "Text, Markdown und HTML. Der Agent findet darin Stellen und nennt seine Quellen.",
    base: "Wissensbasis",
    base_hint: "Dokumente liegen in Wissensbasen; eine genügt für den Anfang.",
    drop: "Dateien hier ablegen oder",
    choose: "Dateien auswählen",
    progress: "{} von {} Dateien",
    added: "{} Stellen sind jetzt zu finden.",
    none: "Noch keine Dokumente",
    none_text: "Legen Sie die Seiten Ihres Hilfebereichs oder Ihr Handbuch ab. Der Agent antwortet daraus und nennt seine Quellen.",
    base_about: "{} Dokumente, {} Stellen",
    document: "Dokument",
    passages: "Stellen",
    size: "Größe",
    indexed: "Erfasst",
    remove_title: "{} entfernen?",
    remove_text: "Der Agent findet es dann nicht mehr. Sie können die Datei wieder hinzufügen.",
};
