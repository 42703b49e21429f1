//! `/api/v1/users/...` of the console: who may log in, and as what.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::domain::users::{Actor, Invited, UserChange, UserDraft};
use crate::http::extract::json::JsonBody;
use crate::http::extract::login::LoggedIn;
use crate::http::problem::Failure;
use crate::model::time::Timestamp;
use crate::model::user::{Role, User, UserState};
use crate::state::AppState;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Their id.
    pub id: String,
    /// Their e-mail address.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may log in.
    pub state: UserState,
    /// When they were made.
    pub created_at: String,
    /// Who made them: the id of a user, `cli` or `setup`.
    pub created_by: String,
    /// When they last logged in.
    pub last_login_at: Option<String>,
}

impl UserView {
    /// As everybody on the wire sees them.
    pub fn of(user: &User) -> Self {
        Self {
            id: user.id.0.clone(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role,
            state: user.state,
            created_at: user.created_at.to_iso(),
            created_by: user.created_by.clone(),
            last_login_at: user.last_login_at.map(Timestamp::to_iso),
        }
    }
}

/// Somebody to be invited.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewUser {
    /// Their e-mail address.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// `owner`, `admin` or `viewer`.
    pub role: String,
}

/// What is to change; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct UserPatch {
    /// What people call them.
    pub name: Option<String>,
    /// `owner`, `admin` or `viewer`.
    pub role: Option<String>,
    /// `active` or `disabled`.
    pub state: Option<String>,
}

/// A link with which a user chooses a password. It is shown this once.
#[derive(Serialize, ToSchema)]
pub struct InviteView {
    /// The link.
    pub invite_url: String,
    /// When it stops working.
    pub expires_at: String,
}

/// A user who was just invited.
#[derive(Serialize, ToSchema)]
pub struct InvitedView {
    /// The user.
    pub user: UserView,
    /// The link with which they choose a password. It is shown this once.
    pub invite_url: String,
    /// When it stops working.
    pub expires_at: String,
}

/// `GET /users/`: in the order in which they came.
///
/// # Errors
/// As the core says.
pub async fn list(State(state): State<AppState>) -> Result<Json<Vec<UserView>>, Error> {
    let users = state.users.list().await?;
    Ok(Json(users.iter().map(UserView::of).collect()))
}

/// `POST /users/`: invites somebody.
///
/// # Errors
/// As the core says.
pub async fn invite(
    State(state): State<AppState>,
    LoggedIn { user, .. }: LoggedIn,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<(StatusCode, Json<InvitedView>), Failure> {
    let draft = UserDraft {
        email: new.email,
        name: new.name,
        role: new.role,
    };
    let Invited { user, link, expires_at } = state.users.invite(&Actor::user(&user), draft).await?;
    let told = InvitedView {
        user: UserView::of(&user),
        invite_url: link,
        expires_at: expires_at.to_iso(),
    };
    Ok((StatusCode::CREATED, Json(told)))
}

/// `POST /users/{id}/invite/`: a new link.
///
/// # Errors
/// As the core says.
pub async fn invite_again(
    State(state): State<AppState>,
    LoggedIn { user, .. }: LoggedIn,
    Path(id): Path<String>,
) -> Result<Json<InviteView>, Error> {
    let invited = state.users.invite_again(&Actor::user(&user), &id).await?;
    Ok(Json(InviteView {
        invite_url: invited.link,
        expires_at: invited.expires_at.to_iso(),
    }))
}

/// `PATCH /users/{id}/`.
///
/// # Errors
/// As the core says.
pub async fn change(
    State(state): State<AppState>,
    LoggedIn { user, .. }: LoggedIn,
    Path(id): Path<String>,
    JsonBody(patch): JsonBody<UserPatch>,
) -> Result<Json<UserView>, Failure> {
    let change = UserChange {
        name: patch.name,
        role: patch.role,
        state: patch.state,
    };
    let changed = state.users.change(&Actor::user(&user), &id, change).await?;
    Ok(Json(UserView::of(&changed)))
}

/// `DELETE /users/{id}/`.
///
/// # Errors
/// As the core says.
pub async fn remove(
    State(state): State<AppState>,
    LoggedIn { user, .. }: LoggedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    state.users.remove(&Actor::user(&user), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
