//! What is wrong with a form, field by field and as a whole.

use crate::api::Failure;
use crate::state::words;

/// See the top of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    /// By the names of the fields.
    fields: Vec<(String, String)>,
    /// What no field can be blamed for.
    whole: Option<String>,
}

impl Mistakes {
    /// One mistake of the whole.
    pub fn in_all(text: String) -> Self {
        Self {
            whole: Some(text),
            ..Self::default()
        }
    }

    /// Notes a mistake of a field, if it is one.
    pub fn note(mut self, is_wrong: bool, field: &str, text: &str) -> Self {
        if is_wrong {
            self.fields.push((field.to_owned(), text.to_owned()));
        }
        self
    }

    /// Notes what is said of a field, if anything is.
    pub fn at(self, field: &str, text: Option<String>) -> Self {
        match text {
            Some(text) => self.note(true, field, &text),
            None => self,
        }
    }

    /// Whether nothing is wrong.
    pub fn are_none(&self) -> bool {
        self.fields.is_empty() && self.whole.is_none()
    }

    /// What is wrong with a field. A list has its mistakes by place, such as `addresses[0]`.
    pub fn of(&self, field: &str) -> Option<String> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(name, _)| name.split('[').next() == Some(field));
        found.map(|(_, text)| text.clone())
    }

    /// What is wrong with the whole.
    pub fn whole(&self) -> Option<String> {
        self.whole.clone()
    }
}

/// What the server refused: its fields where it names some, its words otherwise.
impl From<Failure> for Mistakes {
    fn from(failure: Failure) -> Self {
        let whole = failure.fields.is_empty().then(|| words().general.failure(&failure));
        let fields = failure.fields.into_iter();
        Self {
            fields: fields.map(|field| (field.field, field.message)).collect(),
            whole,
        }
    }
}
