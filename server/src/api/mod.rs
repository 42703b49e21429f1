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
use crate::http::layer::{idempotency, key};
pub use crate::model::key::Scope;
use crate::state::AppState;

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
    /// Anybody.
    Open,
}

/// One line of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, without its trailing slash; it is served with one, too.
    pub path: Cow<'static, str>,
    /// Who may call it.
    pub policy: Policy,
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
        };
        assert!(fits, "{path}: its policy and its place differ");
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        Self {
            method,
            path,
            policy,
            body_bytes: 0,
            service: on(filter, handler),
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
    table.into_iter().fold(Router::new(), |router, route| {
        let mut service = route.service;
        if let Policy::VisitorOrKey(scope) = route.policy {
            // Inside the limit, so that it can lower it.
            service = service.layer(from_fn_with_state((state.clone(), scope), key::unless_page));
        }
        service = service.layer(DefaultBodyLimit::max(route.body_bytes));
        if let Policy::Key(scope) = route.policy {
            if route.method == Method::POST {
                service = service.layer(from_fn_with_state(state.clone(), idempotency::layer));
                service = service.layer(DefaultBodyLimit::max(route.body_bytes));
            }
            service = service.layer(from_fn_with_state((state.clone(), scope), key::layer));
        }
        let router = router.route(&route.path, service.clone());
        if route.path.ends_with('/') {
            router
        } else {
            router.route(&format!("{}/", route.path), service)
        }
    })
}
