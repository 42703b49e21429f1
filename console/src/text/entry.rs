//! Words of set-up, invitation and log-in.

/// Words of set-up, invitation and log-in.
#[derive(Debug)]
pub struct Entry {
    /// Title of the log-in, and its button.
    pub log_in: &'static str,
    /// The address.
    pub email: &'static str,
    /// The name.
    pub name: &'static str,
    /// The password.
    pub password: &'static str,
    /// What a good password is.
    pub password_hint: &'static str,
    /// The password once more.
    pub repeat: &'static str,
    /// The two are not the same.
    pub differ: &'static str,
    /// It has too few characters.
    pub too_short: &'static str,
    /// It is no address.
    pub no_email: &'static str,
    /// It is empty.
    pub no_name: &'static str,
    /// Title of the set-up.
    pub set_up: &'static str,
    /// What it does.
    pub set_up_text: &'static str,
    /// Title of the invitation.
    pub invite: &'static str,
    /// What it does.
    pub invite_text: &'static str,
    /// Its button.
    pub make_account: &'static str,
    /// The link is not good any more.
    pub link_gone: &'static str,
    /// There is no token in the link.
    pub link_missing: &'static str,
    /// There is no admin yet.
    pub needs_set_up: &'static str,
    /// What to do.
    pub needs_set_up_text: &'static str,
    /// Title of the question for the password while a page is open.
    pub again: &'static str,
    /// Why.
    pub again_text: &'static str,
    /// What to do without a password.
    pub lost: &'static str,
}

pub(super) static ENGLISH: Entry = Entry {
    log_in: "Log in",
    email: "Email",
    name: "Your name",
    password: "Password",
    password_hint: "At least 12 characters. A sentence is easy to remember and hard to guess.",
    repeat: "Repeat the password",
    differ: "The two passwords differ.",
    too_short: "A password has at least 12 characters.",
    no_email: "Put in an email address, for example ada@example.com.",
    no_name: "Put in your name.",
    set_up: "Welcome to Atthene Chat",
    set_up_text: "Make the first account. It owns this workspace and can invite others.",
    invite: "Accept your invitation",
    invite_text: "Choose a name and a password. Your email address and role come from the invitation.",
    make_account: "Create account",
    link_gone: "This link has been used already or is too old. Ask for a new one: the server prints a set-up link when it starts, and an owner can make a new invitation under Settings.",
    link_missing: "Open the whole link as you got it; it ends in #token= and a secret.",
    needs_set_up: "This server has no admin yet",
    needs_set_up_text: "Open the set-up link that the server printed in its terminal when it started. It is good for one hour; a restart prints a new one.",
    again: "Log in to go on",
    again_text: "Your log-in has ended. What you typed is still there.",
    lost: "Forgotten your password? An owner can make a new link for you under Settings.",
};

pub(super) static GERMAN: Entry = Entry {
    log_in: "Anmelden",
    email: "E-Mail",
    name: "Ihr Name",
    password: "Passwort",
    password_hint: "Mindestens 12 Zeichen. Ein Satz ist leicht zu merken und schwer zu erraten.",
    repeat: "Passwort wiederholen",
    differ: "Die beiden Passwörter sind verschieden.",
    too_short: "Ein Passwort hat mindestens 12 Zeichen.",
    no_email: "Geben Sie eine E-Mail-Adresse ein, zum Beispiel ada@example.com.",
    no_name: "Geben Sie Ihren Namen ein.",
    set_up: "Willkommen bei Atthene Chat",
    set_up_text: "Legen Sie das erste Konto an. Ihm gehört dieser Arbeitsbereich, und es kann andere einladen.",
    invite: "Einladung annehmen",
    invite_text: "Wählen Sie einen Namen und ein Passwort. E-Mail-Adresse und Rolle stehen in der Einladung.",
    make_account: "Konto anlegen",
    link_gone: "Dieser Link wurde schon benutzt oder ist zu alt. Bitten Sie um einen neuen: Der Server gibt beim Start einen Einrichtungslink aus, und ein Inhaber kann unter Einstellungen neu einladen.",
    link_missing: "Öffnen Sie den ganzen Link, so wie Sie ihn bekommen haben; er endet auf #token= und ein Geheimnis.",
    needs_set_up: "Dieser Server hat noch keinen Administrator",
    needs_set_up_text: "Öffnen Sie den Einrichtungslink, den der Server beim Start in seinem Terminal ausgegeben hat. Er gilt eine Stunde; ein Neustart gibt einen neuen aus.",
    again: "Zum Fortfahren anmelden",
    again_text: "Ihre Anmeldung ist abgelaufen. Was Sie geschrieben haben, ist noch da.",
    lost: "Passwort vergessen? Ein Inhaber kann Ihnen unter Einstellungen einen neuen Link machen.",
};
