//! What went wrong with a request, in the form in which pages show it.

use atthene_protocol::problem::{FieldProblem, Problem};
use serde_json::Value;

/// A request that was not carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The status; 0 where nothing answered.
    pub status: u16,
    /// The stable code; empty where nothing answered.
    pub code: String,
    /// What is wrong, and what would be right; empty where nothing answered.
    pub message: String,
    /// The same field by field.
    pub fields: Vec<FieldProblem>,
    /// When to come back.
    pub retry_after_ms: Option<u64>,
}

impl Failure {
    /// From an answer's status and body, whatever that is.
    pub fn read(status: u16, body: &str) -> Self {
        let tree = serde_json::from_str::<Value>(body);
        match tree.and_then(serde_json::from_value::<Problem>) {
            Ok(problem) => Self {
                status,
                code: problem.error.code,
                message: problem.error.message,
                fields: problem.errors,
                retry_after_ms: problem.error.retry_after_ms,
            },
            Err(_) => Self {
                status,
                ..Self::default()
            },
        }
    }

    /// Whether the log-in is missing or over.
    pub fn is_logged_out(&self) -> bool {
        self.status == 401 && self.code != "login_invalid" && self.code != "token_invalid"
    }

    /// What is wrong with one field.
    pub fn of_field(&self, name: &str) -> Option<String> {
        let problem = self.fields.iter().find(|problem| problem.field == name)?;
        Some(problem.message.clone())
    }
}
