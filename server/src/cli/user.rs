//! `atthene user ...`: the users of the console, for whoever has the machine; what a server that runs follows within a
//! second.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};

use super::sentences;
use crate::config::Settings;
use crate::domain::clock::SystemClock;
use crate::domain::error::Error;
use crate::domain::users::{Actor, Invited, UserChange, UserDraft, Users};
use crate::model::user::User;
use crate::store::Store;

/// What to do with users.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a user who has a password; it is asked for, or read from the standard input
    Create {
        /// Their e-mail address
        #[arg(long)]
        email: String,
        /// What people call them
        #[arg(long)]
        name: String,
        /// owner, admin or viewer
        #[arg(long, default_value = "owner")]
        role: String,
    },
    /// List the users
    List,
    /// Print a link with which a user chooses a password, once; a new user where there is none yet
    Invite {
        /// Their e-mail address
        email: String,
        /// What people call a new user
        #[arg(long)]
        name: Option<String>,
        /// What a new user may do: owner, admin or viewer
        #[arg(long, default_value = "viewer")]
        role: String,
    },
    /// Let a user log in no more, from now on
    Disable {
        /// Their e-mail address or id
        user: String,
    },
}

/// Runs one of them.
pub(super) async fn run(command: &Command, settings: Settings, store: Arc<dyn Store>) -> Result<()> {
    let users = Users::new(
        store,
        None,
        Arc::new(SystemClock),
        settings.console,
        settings.console_url,
    );
    let done = match command {
        Command::Create { email, name, role } => {
            let password = read_password()?;
            create(&users, draft(email, name, role), &password).await
        }
        Command::List => list(&users).await,
        Command::Invite { email, name, role } => invite(&users, email, name.as_deref(), role).await,
        Command::Disable { user } => disable(&users, user).await,
    };
    done.map_err(|error| anyhow!("{}", sentences(&error)))
}

fn draft(email: &str, name: &str, role: &str) -> UserDraft {
    UserDraft {
        email: email.to_owned(),
        name: name.to_owned(),
        role: role.to_owned(),
    }
}

async fn create(users: &Users, draft: UserDraft, password: &str) -> Result<(), Error> {
    let user = users.create(&Actor::command_line(), draft, password).await?;
    say!("Made {}. They can log in at the console.", line(&user));
    Ok(())
}

async fn list(users: &Users) -> Result<(), Error> {
    let users = users.list().await?;
    if users.is_empty() {
        say!("There is no user yet. Make one with: atthene user create --email you@example.com --name NAME");
    }
    for user in users {
        let seen = user.last_login_at.map_or_else(
            || "never logged in".to_owned(),
            |at| format!("logged in {}", at.to_iso()),
        );
        say!("{}  by {}  {seen}", line(&user), user.created_by);
    }
    Ok(())
}

async fn invite(users: &Users, email: &str, name: Option<&str>, role: &str) -> Result<(), Error> {
    let actor = Actor::command_line();
    let Invited { link, expires_at, .. } = match users.find(email).await {
        Ok(user) => users.invite_again(&actor, user.id.as_str()).await?,
        Err(Error::NotFound(_)) => users.invite(&actor, draft(email, name.unwrap_or(email), role)).await?,
        Err(error) => return Err(error),
    };
    say!("{link}\nIt works once, until {}.", expires_at.to_iso());
    Ok(())
}

async fn disable(users: &Users, user: &str) -> Result<(), Error> {
    let change = UserChange {
        state: Some("disabled".to_owned()),
        ..UserChange::default()
    };
    let user = users.find(user).await?;
    let user = users.change(&Actor::command_line(), user.id.as_str(), change).await?;
    say!("Disabled {}.", line(&user));
    Ok(())
}

fn line(user: &User) -> String {
    let (role, state) = (user.role.as_str(), user.state.as_str());
    format!("{}  {}  {}  {role}  {state}", user.id, user.email, user.name)
}

/// At a terminal without showing it; else the first line of what comes in.
fn read_password() -> Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let password = rpassword::prompt_password("Password (at least 12 characters): ")?;
        if rpassword::prompt_password("Once more: ")? != password {
            bail!("The two passwords are not the same.");
        }
        return Ok(password);
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .context("The password cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
