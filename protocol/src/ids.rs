//! Identifiers: newtypes whose prefix shows in every log line and on the wire.
//!
//! They are made in the server's `domain` (the clock and the randomness live there); here is only their form.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub struct $name(pub String);

        impl $name {
            /// The visible prefix of this kind of id.
            pub const PREFIX: &'static str = $prefix;

            /// The id as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// What owns everything: agents, keys, sessions, knowledge.
    WorkspaceId, "ws_"
);
id!(
    /// A configured assistant. Tokens and sessions bind this id, never the agent key.
    AgentId, "agt_"
);
id!(
    /// A person in a page.
    VisitorId, "vis_"
);
id!(
    /// One conversation of a visitor or an API client with one agent.
    SessionId, "sess_"
);
id!(
    /// One message of a conversation.
    MessageId, "msg_"
);
id!(
    /// One turn: a question and its whole answer; a "run" on the wire.
    RunId, "run_"
);
id!(
    /// A question to a human on which a turn waits.
    InterruptId, "int_"
);
id!(
    /// A secret API key, by its public id.
    KeyId, "key_"
);
id!(
    /// A person who logs in at the console.
    UserId, "usr_"
);
id!(
    /// One HTTP request, in `X-Request-Id`, error bodies and logs.
    RequestId, "req_"
);

impl WorkspaceId {
    /// The workspace that is there from the start.
    pub fn default_workspace() -> Self {
        Self("default".to_owned())
    }
}
