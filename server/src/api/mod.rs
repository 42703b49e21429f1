//! The dialects, one folder each, and the type of a route. The table of all routes is `router.rs`.
//!
//! A route cannot be made without a policy: who may call it.

pub mod agentok;
pub mod agui;
pub mod attive;
pub mod document;
pub mod openai;
pub mod operation;
pub mod public;
pub mod refusals;
pub mod socket;
pub mod v1;

use std::borrow::Cow;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

pub use crate::http::layer::gate::SOCKET_PATH;
use crate::http::layer::gate::{SHARED_PREFIX, VISITOR_PREFIX};
use crate::http::layer::key::Guard;
use crate::http::layer::{idempotency, key, setup};
pub use crate::model::key::Scope;
pub use crate::model::user::Role;
use crate::state::AppState;

/// Where a log-in of the console may count.
pub const LOGIN_PREFIX: &str = "/api/v1/";

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A page that the gate lets in; nobody is identified yet.
    Origin,
    /// A page that the gate lets in, with the visitor's token for the session of the path.
    Visitor,
    /// A back end whose key has this scope.
    Key(Scope),
    /// A page that the gate lets in, with a visitor's token that the handler reads; or a back end whose key has this
    /// scope. The form of the credential tells which.
    VisitorOrKey(Scope),
    /// The same, or a user of the console whose role gives this scope.
    KeyOrLogin(Scope),
    /// A user of the console who has at least this role.
    Login(Role),
    /// Anybody.
    Open,
}

impl Policy {
    /// The same on the console's listener, where a log-in counts, too.
    #[must_use]
    pub fn with_login(self) -> Self {
        match self {
            Self::Key(scope) => Self::KeyOrLogin(scope),
            other => other,
        }
    }
}

/// One line of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, without its trailing slash; it is served with one, too.
    pub path: Cow<'static, str>,
    /// Who may call it.
    pub policy: Policy,
    /// Another scope that is as good as the policy's.
    pub or_scope: Option<Scope>,
    /// Whether a console that has no owner yet answers it to other machines.
    pub is_for_setup: bool,
    /// The largest body, in bytes; 0 where a body is not read.
    pub body_bytes: usize,
    service: MethodRouter<AppState>,
}

impl Route {
    /// A route that reads no body.
    ///
    /// # Panics
    /// At start, when a route that pages may call does not stand behind the gate, or another one does.
    pub fn new<H, T>(method: Method, path: impl Into<Cow<'static, str>>, policy: Policy, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let path = path.into();
        let for_pages = path.starts_with(VISITOR_PREFIX);
        let for_both = path.starts_with(SHARED_PREFIX) || path == SOCKET_PATH;
        let fits = match policy {
            Policy::Origin | Policy::Visitor => for_pages,
            Policy::VisitorOrKey(_) => for_both,
            Policy::Key(_) | Policy::Open => !for_pages && !for_both,
            Policy::KeyOrLogin(_) | Policy::Login(_) => path.starts_with(LOGIN_PREFIX),
        };
        assert!(fits, "{path}: its policy and its place differ");
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        Self {
            method,
            path,
            policy,
            or_scope: None,
            is_for_setup: false,
            body_bytes: 0,
            service: on(filter, handler),
        }
    }

    /// The same route for callers who have this scope instead of the policy's, too.
    #[must_use]
    pub fn or_with(mut self, scope: Scope) -> Self {
        self.or_scope = Some(scope);
        self
    }

    /// The same route, answered before the console has an owner.
    #[must_use]
    pub fn for_setup(mut self) -> Self {
        self.is_for_setup = true;
        self
    }

    /// The same route where a log-in counts, too. Only our own surface takes one: other dialects keep to keys.
    #[must_use]
    pub fn with_login(mut self) -> Self {
        if self.path.starts_with(LOGIN_PREFIX) {
            self.policy = self.policy.with_login();
        }
        self
    }

    /// What the route asks of whoever calls it, where that is not the gate's business alone.
    fn guard(&self) -> Option<Guard> {
        match self.policy {
            Policy::Key(scope) | Policy::VisitorOrKey(scope) => Some(Guard::key(scope, self.or_scope)),
            Policy::KeyOrLogin(scope) => Some(Guard::key_or_login(scope, self.or_scope)),
            Policy::Login(role) => Some(Guard::login(role)),
            Policy::Origin | Policy::Visitor | Policy::Open => None,
        }
    }

    /// The same route with a body of at most so many bytes.
    #[must_use]
    pub fn with_body(mut self, most_bytes: u32) -> Self {
        self.body_bytes = most_bytes as usize;
        self
    }
}

/// Puts the table into a router, each path with and without its trailing slash.
pub fn build(table: Vec<Route>, state: &AppState) -> Router<AppState> {
    assemble(table, |route| guarded(route, state))
}

/// The same for the console: what does not belong to setting up waits until it has an owner.
pub fn build_console(table: Vec<Route>, state: &AppState) -> Router<AppState> {
    assemble(table, |route| {
        let service = guarded(route, state);
        if route.is_for_setup {
            return service;
        }
        service.layer(from_fn_with_state(state.clone(), setup::layer))
    })
}

fn assemble(table: Vec<Route>, service_of: impl Fn(&Route) -> MethodRouter<AppState>) -> Router<AppState> {
    table.into_iter().fold(Router::new(), |router, route| {
        let service = service_of(&route);
        let router = router.route(&route.path, service.clone());
        if route.path.ends_with('/') {
            router
        } else {
            router.route(&format!("{}/", route.path), service)
        }
    })
}

/// A route behind its guard. The last layer added is the first that a request meets.
fn guarded(route: &Route, state: &AppState) -> MethodRouter<AppState> {
    let mut service = route.service.clone();
    let guard = route.guard().map(|guard| (state.clone(), guard));
    if let (Policy::VisitorOrKey(_), Some(guard)) = (route.policy, &guard) {
        // Inside the limit, so that it can lower it.
        service = service.layer(from_fn_with_state(guard.clone(), key::unless_page));
    }
    service = service.layer(DefaultBodyLimit::max(route.body_bytes));
    let (Some(guard), false) = (guard, matches!(route.policy, Policy::VisitorOrKey(_))) else {
        return service;
    };
    let is_repeatable = matches!(route.policy, Policy::Key(_) | Policy::KeyOrLogin(_));
    if is_repeatable && route.method == Method::POST {
        service = service.layer(from_fn_with_state(state.clone(), idempotency::layer));
        service = service.layer(DefaultBodyLimit::max(route.body_bytes));
    }
    service.layer(from_fn_with_state(guard, key::layer))
}
