//! `/api/v1/auth/...` of the console: setting up, logging in and out, the own password. A log-in travels in cookies; what
//! the page must read of it is in the answers, too.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::v1::users::UserView;
use crate::domain::error::Error;
use crate::domain::users::{NewLogin, SetUp};
use crate::http::cookies;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::json::JsonBody;
use crate::http::extract::login::{self, LoggedIn};
use crate::http::problem::Failure;
use crate::state::AppState;

/// What the console's page must know before anything else.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthState {
    /// Whether there is no owner yet.
    pub needs_setup: bool,
    /// Who is logged in.
    pub user: Option<UserView>,
    /// What every request of this log-in brings along as `X-CSRF-Token`.
    pub csrf: Option<String>,
}

/// Somebody who is logged in now.
#[derive(Serialize, ToSchema)]
pub struct LoginView {
    /// Who.
    pub user: UserView,
    /// What every request of this log-in brings along as `X-CSRF-Token`.
    pub csrf: String,
}

/// What the holder of a link says of themselves.
#[derive(Deserialize, ToSchema)]
#[serde(default)]
#[derive(Default)]
pub struct SetUpBody {
    /// The token of the link, from its fragment.
    pub token: String,
    /// Their e-mail address; not with an invitation, which has one.
    pub email: Option<String>,
    /// Their name; with an invitation it may be left out.
    pub name: Option<String>,
    /// Their password: 12 to 200 characters.
    pub password: String,
}

/// What somebody logs in with.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct LoginBody {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// A change of the own password.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PasswordBody {
    /// The present one.
    pub current: String,
    /// The new one: 12 to 200 characters.
    pub new: String,
}

/// `GET /auth/state/`: who is logged in, if anybody; whether a stranger has an account it never says.
pub async fn show_state(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let caller = login::identify(&parts, &state).await.ok();
    let user = caller.and_then(|caller| caller.user);
    let presented = login::presented(&parts.headers, &state.settings);
    let told = AuthState {
        needs_setup: !state.table.has_owner(),
        csrf: presented
            .ok()
            .filter(|_| user.is_some())
            .map(|(_, csrf)| csrf.to_owned()),
        user: user.map(|user| UserView::of(&user)),
    };
    closed(Json(told).into_response())
}

/// `POST /auth/setup/`: the first owner, or an invited user, chooses a password and is logged in.
///
/// # Errors
/// As the core says.
pub async fn set_up(
    State(state): State<AppState>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SetUpBody>,
) -> Result<Response, Failure> {
    login::refuse_foreign_page(&headers, &state.settings)?;
    let wish = SetUp {
        token: body.token,
        email: body.email.unwrap_or_default(),
        name: body.name.unwrap_or_default(),
        password: body.password,
    };
    let new = state.users.set_up(wish).await?;
    Ok(welcome(&state, StatusCode::CREATED, new))
}

/// `POST /auth/login/`.
///
/// # Errors
/// As the core says.
pub async fn log_in(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    JsonBody(body): JsonBody<LoginBody>,
) -> Result<Response, Failure> {
    login::refuse_foreign_page(&headers, &state.settings)?;
    let new = state.users.log_in(&body.email, &body.password, address).await?;
    Ok(welcome(&state, StatusCode::OK, new))
}

/// `POST /auth/logout/`.
///
/// # Errors
/// As the core says.
pub async fn log_out(State(state): State<AppState>, LoggedIn { caller, .. }: LoggedIn) -> Result<Response, Error> {
    state.users.log_out(&caller).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    cookies::take(response.headers_mut(), &state.settings);
    Ok(response)
}

/// `POST /auth/password/`: the user's other log-ins end.
///
/// # Errors
/// As the core says.
pub async fn change_password(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    LoggedIn { user, caller }: LoggedIn,
    JsonBody(body): JsonBody<PasswordBody>,
) -> Result<StatusCode, Failure> {
    let (current, new) = (&body.current, &body.new);
    state
        .users
        .change_password(&caller, &user, current, new, address)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn welcome(state: &AppState, status: StatusCode, new: NewLogin) -> Response {
    let told = LoginView {
        user: UserView::of(&new.user),
        csrf: new.csrf.clone(),
    };
    let mut response = (status, Json(told)).into_response();
    cookies::give(response.headers_mut(), &state.settings, &new);
    closed(response)
}

fn closed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
