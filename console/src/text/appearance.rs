//! Words about how a widget looks.

/// Words about how a widget looks.
#[derive(Debug)]
pub struct Appearance {
    /// Title of a group.
    pub head: &'static str,
    /// What it is.
    pub head_about: &'static str,
    /// A field.
    pub title: &'static str,
    /// A field.
    pub subtitle: &'static str,
    /// A field.
    pub avatar: &'static str,
    /// What goes in.
    pub avatar_hint: &'static str,
    /// Title of a group.
    pub colours: &'static str,
    /// A field.
    pub colour: &'static str,
    /// What goes in.
    pub colour_hint: &'static str,
    /// Opens the system's chooser.
    pub choose_colour: &'static str,
    /// A field.
    pub theme: &'static str,
    /// A choice.
    pub theme_auto: &'static str,
    /// A choice.
    pub theme_light: &'static str,
    /// A choice.
    pub theme_dark: &'static str,
    /// A field.
    pub position: &'static str,
    /// A choice.
    pub right: &'static str,
    /// A choice.
    pub left: &'static str,
    /// Title of a group.
    pub texts: &'static str,
    /// A field.
    pub welcome: &'static str,
    /// A field.
    pub placeholder: &'static str,
    /// A field.
    pub starters: &'static str,
    /// What goes in.
    pub starters_hint: &'static str,
    /// A field.
    pub longest: &'static str,
    /// What goes in.
    pub longest_hint: &'static str,
}

pub(super) static ENGLISH: Appearance = Appearance {
    head: "Head",
    head_about: "What visitors see at the top of the chat.",
    title: "Title",
    subtitle: "Subtitle",
    avatar: "Avatar",
    avatar_hint: "The whole address of an image. Without one, initials are shown.",
    colours: "Colours and place",
    colour: "Primary colour",
    colour_hint: "#rrggbb or a name such as teal. The text on it gets a readable colour by itself.",
    choose_colour: "Choose a colour",
    theme: "Theme",
    theme_auto: "As the visitor's system",
    theme_light: "Light",
    theme_dark: "Dark",
    position: "Position",
    right: "Bottom right",
    left: "Bottom left",
    texts: "Texts",
    welcome: "Welcome message",
    placeholder: "Hint in the empty field",
    starters: "Starter prompts",
    starters_hint: "One a line, at most 8. Shown after saving.",
    longest: "Longest message",
    longest_hint: "In characters; empty for 10,000.",
};

pub(super) static GERMAN: Appearance = Appearance {
    head: "Kopf",
    head_about: "Was Besucher oben im Chat sehen.",
    title: "Titel",
    subtitle: "Untertitel",
    avatar: "Avatar",
    avatar_hint: "Die ganze Adresse eines Bildes. Ohne Bild werden Initialen gezeigt.",
    colours: "Farben und Platz",
    colour: "Hauptfarbe",
    colour_hint: "#rrggbb oder ein Name wie teal. Der Text darauf bekommt von selbst eine lesbare Farbe.",
    choose_colour: "Farbe auswählen",
    theme: "Darstellung",
    theme_auto: "Wie das System des Besuchers",
    theme_light: "Hell",
    theme_dark: "Dunkel",
    position: "Platz",
    right: "Unten rechts",
    left: "Unten links",
    texts: "Texte",
    welcome: "Begrüßung",
    placeholder: "Hinweis im leeren Feld",
    starters: "Einstiegsfragen",
    starters_hint: "Eine je Zeile, höchstens 8. Nach dem Speichern zu sehen.",
    longest: "Längste Nachricht",
    longest_hint: "In Zeichen; leer für 10.000.",
};
