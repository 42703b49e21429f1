//! Users of the console: how somebody becomes one, logs in, and looks after the others (BAR.md K5).
//!
//! A log-in is one more credential for what keys may do: its role gives the scopes. It follows the store like keys do:
//! what another process changes counts within a second, what this one changes at once.

mod fields;
mod lockout;
mod logins;
mod members;
mod passwords;
mod setup;

use std::sync::Arc;

use atthene_protocol::ids::WorkspaceId;
use serde_json::Value;

pub use lockout::Lockout;
pub use logins::{LiveLogin, NewLogin, csrf_of};
pub use members::{Invited, UserChange, UserDraft};
pub use passwords::Passwords;
pub use setup::{INVITE_PATH, SETUP_PATH, SetUp};

use super::agents::GateTable;
use super::clock::Clock;
use super::error::Error;
use crate::config::ConsoleSettings;
use crate::model::audit::AuditEntry;
use crate::model::user::{Role, User};
use crate::store::Store;

/// Who looks after users.
#[derive(Clone, Debug)]
pub struct Actor {
    /// As the audit log names them.
    pub id: String,
    /// What they may do.
    pub role: Role,
}

impl Actor {
    /// Whoever may use the command line of the machine may do everything.
    pub fn command_line() -> Self {
        Self {
            id: "cli".to_owned(),
            role: Role::Owner,
        }
    }

    /// A user who logged in.
    pub fn user(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            role: user.role,
        }
    }
}

/// The users of a workspace, over the store.
pub struct Users {
    store: Arc<dyn Store>,
    table: Option<Arc<GateTable>>,
    clock: Arc<dyn Clock>,
    settings: ConsoleSettings,
    console_url: String,
    workspace: WorkspaceId,
    passwords: Passwords,
    lockout: Lockout,
}

impl Users {
    /// Over its seams; a change counts at once in the table that is given, and within a second in others.
    pub fn new(
        store: Arc<dyn Store>,
        table: Option<Arc<GateTable>>,
        clock: Arc<dyn Clock>,
        settings: ConsoleSettings,
        console_url: String,
    ) -> Self {
        let lockout = Lockout::new(&settings);
        Self {
            store,
            table,
            clock,
            settings,
            console_url,
            workspace: WorkspaceId::default_workspace(),
            passwords: Passwords::default(),
            lockout,
        }
    }

    async fn follow(&self) -> Result<(), Error> {
        if let Some(table) = &self.table {
            table.refresh(self.store.as_ref()).await?;
        }
        Ok(())
    }

    async fn record(&self, actor: &str, action: &str, subject: &str, detail: Value) -> Result<(), Error> {
        let entry = AuditEntry {
            workspace: self.workspace.clone(),
            at: self.clock.now(),
            actor: actor.to_owned(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail,
        };
        Ok(self.store.append_audit(&entry).await?)
    }
}
