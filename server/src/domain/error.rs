//! What can go wrong in the product's rules. No HTTP here: `http::problem` gives each its status and stable code.
//!
//! The text of a variant is safe to show to the developer of a page. What only the log may hold travels in `Internal`.

use super::agents::FieldNote;
use crate::store::StoreError;

/// The code of a turn that a content filter stopped.
pub(super) const CONTENT_POLICY: &str = "content_policy_error";

/// A refusal or a failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No agent of this key may be embedded: unknown and not public look the same.
    #[error(
        "There is no public agent with this key. Check the agent key, and that public access is on in the agent's settings."
    )]
    NoPublicAgent,
    /// A visitor route without an Origin header, or with several.
    #[error("This route is for web pages: the request must carry exactly one Origin header.")]
    OriginRequired,
    /// The origin is not on the agent's list.
    #[error(
        "This origin is not on the agent's list of allowed origins. Add it, with its protocol, in the agent's settings."
    )]
    OriginNotAllowed,
    /// The access token has ended.
    #[error("The access token has expired; renew it with the resume secret.")]
    TokenExpired,
    /// The access token is missing, not ours, or not for this page.
    #[error("{0}")]
    TokenInvalid(&'static str),
    /// No API key, or one that is not good.
    #[error("{0}")]
    KeyInvalid(&'static str),
    /// Nobody logs in with this address and password.
    #[error("The e-mail address or the password is wrong.")]
    LoginInvalid,
    /// It needs a log-in, and there is none that counts.
    #[error("{message}")]
    NotLoggedIn {
        /// The stable code.
        code: &'static str,
        /// What is missing.
        message: &'static str,
    },
    /// Too many wrong passwords.
    #[error("Too many attempts to log in from this address. Wait and try again.")]
    LockedOut {
        /// When to come back, in milliseconds.
        retry_after_ms: u64,
    },
    /// The API key was good.
    #[error("API key has expired")]
    KeyExpired,
    /// The caller is known and may not do this.
    #[error("{message}")]
    Forbidden {
        /// The stable code.
        code: &'static str,
        /// What is missing.
        message: String,
    },
    /// It does not exist, or not for this caller.
    #[error("{0}")]
    NotFound(&'static str),
    /// The model that was asked for is no agent, or not for this key.
    #[error(
        "There is no such model: name an agent by its agent key. GET /v1/models lists those that this key may run."
    )]
    NoModel,
    /// It collides with what is going on.
    #[error("{message}")]
    Conflict {
        /// The stable code.
        code: &'static str,
        /// What is in the way.
        message: &'static str,
    },
    /// The request says something that cannot be.
    #[error("{message}")]
    Invalid {
        /// The stable code.
        code: &'static str,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// The request cannot be read as what it should be.
    #[error("{message}")]
    Malformed {
        /// The stable code.
        code: &'static str,
        /// What is wrong, and what would be right.
        message: String,
        /// The same field by field, where it is known.
        fields: Vec<FieldNote>,
    },
    /// The request says something that cannot be, field by field.
    #[error("{message}")]
    InvalidFields {
        /// The stable code.
        code: &'static str,
        /// What is wrong, as a whole.
        message: String,
        /// What is wrong with each field, and what would be right.
        fields: Vec<FieldNote>,
    },
    /// An image came, and the agent's model cannot see.
    #[error("This agent's model cannot see images. Send text, or use an agent whose model can see an image.")]
    CannotSee,
    /// What somebody wrote is not allowed here.
    #[error("{0}")]
    ContentPolicy(String),
    /// The model did not answer; for dialects that answer a failed run with an error.
    #[error("{message}")]
    Upstream {
        /// The stable code.
        code: String,
        /// A kind sentence.
        message: String,
    },
    /// Too much at once; later is fine.
    #[error("Too many requests: {what}. Wait and try again.")]
    RateLimited {
        /// Which limit.
        what: &'static str,
        /// When to come back, in milliseconds.
        retry_after_ms: u64,
        /// The limit, per window.
        limit: u32,
    },
    /// The agent has spent what it may on one day.
    #[error("This agent has used up its token budget of today. It answers again after midnight UTC.")]
    BudgetExhausted {
        /// When the next day begins, in milliseconds.
        retry_after_ms: u64,
    },
    /// The console has no owner yet.
    #[error(
        "The console is not set up yet. Open the set-up link that the server printed when it started; it works for an \
         hour, and each start prints a new one."
    )]
    NotSetUp,
    /// The server is being stopped: it takes nothing new, and says so before anything is stored.
    #[error("The server is about to restart. Nothing was stored; try again in a moment.")]
    ShuttingDown,
    /// Our fault; the text is for the log.
    #[error("Something went wrong on the server.")]
    Internal(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl Error {
    /// A request whose fields are wrong, each with its sentence.
    pub fn invalid_fields(code: &'static str, message: impl Into<String>, fields: Vec<FieldNote>) -> Self {
        Self::Malformed {
            code,
            message: message.into(),
            fields,
        }
    }

    /// A run that failed, for dialects that answer it with an error: its stable code and its kind sentence.
    pub fn of_run(code: &str, sentence: &str) -> Self {
        if code == CONTENT_POLICY {
            return Self::ContentPolicy(sentence.to_owned());
        }
        Self::Upstream {
            code: code.to_owned(),
            message: sentence.to_owned(),
        }
    }

    /// A request that cannot be read as what it should be.
    pub fn malformed(code: &'static str, message: impl Into<String>) -> Self {
        Self::invalid_fields(code, message, Vec::new())
    }
}

impl Error {
    /// Nobody waits for the input that came.
    pub const NOT_WAITING: Self = Self::Conflict {
        code: "not_waiting",
        message: "This conversation is not waiting for input; send a message instead.",
    };
}
