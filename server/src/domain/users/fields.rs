//! What a user's e-mail address, name and password may be. Rules of length, none of composition: those make passwords
//! that are hard to remember and easy to guess (NIST SP 800-63B, section 3.1.1.2).

use unicode_normalization::UnicodeNormalization;

use crate::domain::agents::FieldNote;
use crate::domain::error::Error;
use crate::model::user::fold_email;

const MAX_EMAIL_CHARS: usize = 254;
const MAX_NAME_CHARS: usize = 100;
const MIN_PASSWORD_CHARS: usize = 12;
const MAX_PASSWORD_CHARS: usize = 200;

/// What was found wrong, field by field.
#[derive(Default)]
pub(super) struct Fields(Vec<FieldNote>);

impl Fields {
    pub(super) fn say(&mut self, field: &str, message: String) {
        self.0.push(FieldNote {
            field: field.to_owned(),
            message,
        });
    }

    /// An e-mail address, without spaces around it.
    pub(super) fn email(&mut self, text: &str) -> String {
        let email = text.trim();
        let is_good = email
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
            && email.chars().count() <= MAX_EMAIL_CHARS
            && !email.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        if !is_good {
            self.say("email", "Write an e-mail address such as ada@example.com.".to_owned());
        }
        email.to_owned()
    }

    /// A name, without spaces around it.
    pub(super) fn name(&mut self, text: &str) -> String {
        let name = text.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.contains(char::is_control) {
            self.say(
                "name",
                format!("A name is one line of 1 to {MAX_NAME_CHARS} characters."),
            );
        }
        name.to_owned()
    }

    /// A new password of whoever has this e-mail address.
    pub(super) fn password(&mut self, field: &str, password: &str, email: &str) {
        let chars = password.chars().count();
        if chars < MIN_PASSWORD_CHARS {
            self.say(
                field,
                format!("A password has at least {MIN_PASSWORD_CHARS} characters; a sentence is fine."),
            );
        } else if chars > MAX_PASSWORD_CHARS {
            self.say(
                field,
                format!("A password has at most {MAX_PASSWORD_CHARS} characters."),
            );
        } else if fold_email(password) == fold_email(email) {
            self.say(field, "A password is not the e-mail address.".to_owned());
        }
    }

    /// Whether anything was wrong.
    pub(super) fn check(self) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::InvalidFields {
            code: "invalid_user",
            message: "Some fields are not right yet.".to_owned(),
            fields: self.0,
        })
    }
}

/// The same password however a keyboard composes its letters (RFC 8265, section 4.2).
pub(super) fn normalize(password: &str) -> String {
    password.nfc().collect()
}
