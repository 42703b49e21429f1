//! Logging in and users: what the console's listener alone serves.

use http::Method;
use serde_json::{Value, json};

use super::TIME;
use crate::api::operation::{Operation, Schema};
use crate::api::v1::auth::{AuthState, LoginBody, LoginView, PasswordBody, SetUpBody};
use crate::api::v1::users::{InviteView, InvitedView, NewUser, UserPatch, UserView};

const CSRF: &str = "pZ0Hc0mR2l6Yk1v9f3sQe8tB5nXwUa7dGjKoLqMzN4E";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        show_state(),
        set_up(),
        log_in(),
        log_out(),
        change_password(),
        list(),
        invite(),
        change(),
        remove(),
        invite_again(),
    ]
}

fn show_state() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/auth/state",
        "show_auth_state",
        "Look at who is logged in",
    )
    .described("The user is there only with the cookie and its X-CSRF-Token.")
    .answers(
        200,
        "Whether the console is set up, and who is logged in.",
        Schema::of::<AuthState>(),
        json!({ "needs_setup": false, "user": user(), "csrf": CSRF }),
    )
}

fn set_up() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/auth/setup",
        "set_up",
        "Become a user with a link",
    )
    .described(
        "With the token of the set-up link, which makes the first owner, or of an invitation, whose e-mail address and \
         role count. Each is good once. The answer sets the cookies of a log-in.",
    )
    .reads(
        Schema::of::<SetUpBody>(),
        json!({
            "token": "shown-once-and-never-again",
            "email": "ada@example.com",
            "name": "Ada",
            "password": "a sentence of one's own",
        }),
    )
    .answers(
        201,
        "The user, logged in.",
        Schema::of::<LoginView>(),
        json!({ "user": user(), "csrf": CSRF }),
    )
    .refuses(&[401, 403, 422, 429, 500])
}

fn log_in() -> Operation {
    Operation::new(Method::POST, "/api/v1/auth/login", "log_in", "Log in")
        .described(
            "The answer sets the cookies of a log-in. Wrong passwords are counted by account and address together.",
        )
        .reads(
            Schema::of::<LoginBody>(),
            json!({ "email": "ada@example.com", "password": "a sentence of one's own" }),
        )
        .answers(
            200,
            "The user, logged in.",
            Schema::of::<LoginView>(),
            json!({ "user": user(), "csrf": CSRF }),
        )
        .refuses(&[401, 403, 429, 500, 503])
}

fn log_out() -> Operation {
    Operation::new(Method::POST, "/api/v1/auth/logout", "log_out", "Log out")
        .described("The log-in ends at once, with the streams that it opened.")
        .answers_empty(204, "It has ended.")
}

fn change_password() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/auth/password",
        "change_password",
        "Change the own password",
    )
    .described("The user's other log-ins end.")
    .reads(
        Schema::of::<PasswordBody>(),
        json!({ "current": "a sentence of one's own", "new": "another sentence of one's own" }),
    )
    .answers_empty(204, "It is changed.")
    .refuses(&[422])
}

fn list() -> Operation {
    Operation::new(Method::GET, "/api/v1/users", "list_users", "List users").answers(
        200,
        "The users, in the order in which they came.",
        Schema::of::<UserView>().list(),
        json!([user()]),
    )
}

fn invite() -> Operation {
    let mut invited = link();
    invited["user"] = user();
    Operation::new(Method::POST, "/api/v1/users", "invite_user", "Invite a user")
        .described("The link is shown this once; give it to them yourself. Only an owner makes owners.")
        .reads(
            Schema::of::<NewUser>(),
            json!({ "email": "ada@example.com", "name": "Ada", "role": "viewer" }),
        )
        .answers(201, "The user and their link.", Schema::of::<InvitedView>(), invited)
        .leads_to(
            201,
            &["change_user", "remove_user", "invite_user_again"],
            "user_id",
            "/user/id",
        )
        .refuses(&[409, 422])
}

fn change() -> Operation {
    Operation::new(Method::PATCH, "/api/v1/users/{user_id}", "change_user", "Change a user")
        .described("What is left out stays. A disabled user is out at once. The last active owner stays one.")
        .reads(Schema::of::<UserPatch>(), json!({ "role": "admin" }))
        .answers(200, "The user.", Schema::of::<UserView>(), user())
        .refuses(&[404, 409, 422])
}

fn remove() -> Operation {
    Operation::new(
        Method::DELETE,
        "/api/v1/users/{user_id}",
        "remove_user",
        "Remove a user",
    )
    .described("They are out at once. The last active owner stays.")
    .answers_empty(204, "They are removed.")
    .refuses(&[404, 409])
}

fn invite_again() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/users/{user_id}/invite",
        "invite_user_again",
        "Make a new link for a user",
    )
    .described("Earlier ones end. It is the way out of a lost password, too.")
    .answers(200, "The link.", Schema::of::<InviteView>(), link())
    .refuses(&[404, 409])
}

fn user() -> Value {
    json!({
        "id": "usr_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "email": "ada@example.com",
        "name": "Ada",
        "role": "viewer",
        "state": "active",
        "created_at": TIME,
        "created_by": "setup",
        "last_login_at": TIME,
    })
}

fn link() -> Value {
    json!({
        "invite_url": "http://127.0.0.1:8090/invite#token=shown-once-and-never-again",
        "expires_at": TIME,
    })
}
