//! Words that are used everywhere.

use crate::api::Failure;

/// Words that are used everywhere.
#[derive(Debug)]
pub struct General {
    /// The name of the product.
    pub product: &'static str,
    /// Name of the way from the first page to this one.
    pub where_you_are: &'static str,
    /// Closes something.
    pub close: &'static str,
    /// Leaves things as they are.
    pub cancel: &'static str,
    /// Keeps what was changed.
    pub save: &'static str,
    /// It was kept.
    pub saved: &'static str,
    /// Takes back what was changed.
    pub discard: &'static str,
    /// Takes something away.
    pub remove: &'static str,
    /// Destroys something.
    pub delete: &'static str,
    /// Copies a text.
    pub copy: &'static str,
    /// It was copied.
    pub copied: &'static str,
    /// It could not be copied.
    pub copy_by_hand: &'static str,
    /// Something is on its way.
    pub loading: &'static str,
    /// Once more.
    pub try_again: &'static str,
    /// More of a list.
    pub more: &'static str,
    /// Name of the frame with the widget.
    pub preview: &'static str,
    /// The figures of a plot.
    pub as_table: &'static str,
    /// Nothing answers.
    pub unreachable: &'static str,
    /// The role does not allow it.
    pub forbidden: &'static str,
    /// The log-in is over.
    pub logged_out: &'static str,
    /// Title of a page that is not there.
    pub not_found: &'static str,
    /// What to do about it.
    pub not_found_text: &'static str,
    /// A viewer looks at settings.
    pub read_only: &'static str,
}

pub(super) static ENGLISH: General = General {
    product: "Atthene Chat",
    where_you_are: "Where you are",
    close: "Close",
    cancel: "Cancel",
    save: "Save changes",
    saved: "Saved.",
    discard: "Discard",
    remove: "Remove",
    delete: "Delete",
    copy: "Copy",
    copied: "Copied",
    copy_by_hand: "Select and copy",
    loading: "Loading",
    try_again: "Try again",
    more: "Show more",
    preview: "Preview of the widget",
    as_table: "Show as a table",
    unreachable: "The server does not answer. Check your connection and try again.",
    forbidden: "Your role does not allow this. Ask an owner of this workspace.",
    logged_out: "You are logged out. Log in again to go on.",
    not_found: "This page does not exist",
    not_found_text: "It may have been removed, or the address has a mistake.",
    read_only: "You can look at this, but not change it.",
};

pub(super) static GERMAN: General = General {
    product: "Atthene Chat",
    where_you_are: "Wo Sie sind",
    close: "Schließen",
    cancel: "Abbrechen",
    save: "Änderungen speichern",
    saved: "Gespeichert.",
    discard: "Verwerfen",
    remove: "Entfernen",
    delete: "Löschen",
    copy: "Kopieren",
    copied: "Kopiert",
    copy_by_hand: "Bitte markieren und kopieren",
    loading: "Wird geladen",
    try_again: "Noch einmal versuchen",
    more: "Mehr anzeigen",
    preview: "Vorschau des Widgets",
    as_table: "Als Tabelle anzeigen",
    unreachable: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
    forbidden: "Ihre Rolle erlaubt das nicht. Fragen Sie einen Inhaber dieses Arbeitsbereichs.",
    logged_out: "Sie sind abgemeldet. Melden Sie sich wieder an, um fortzufahren.",
    not_found: "Diese Seite gibt es nicht",
    not_found_text: "Vielleicht wurde sie entfernt, oder die Adresse enthält einen Fehler.",
    read_only: "Sie können dies ansehen, aber nicht ändern.",
};

impl General {
    /// A failure in words: the server's own where it has some.
    pub fn failure(&self, failure: &Failure) -> String {
        match failure.status {
            0 => self.unreachable.to_owned(),
            401 if failure.is_logged_out() => self.logged_out.to_owned(),
            403 if failure.code == "forbidden" => self.forbidden.to_owned(),
            status if failure.message.is_empty() => format!("{} ({status})", self.unreachable),
            _ => failure.message.clone(),
        }
    }
}
