//! EVERY route of EVERY dialect, and the order of the layers, on one page.

use std::sync::{Arc, LazyLock};

use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use bytes::Bytes;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, StatusCode};
use serde_json::Value;
use tower_http::catch_panic::CatchPanicLayer;

use crate::api::Policy::{Key, Login, Open, Origin, Visitor, VisitorOrKey};
use crate::api::agentok::handlers as chat_handlers;
use crate::api::agui::handlers as agui_handlers;
use crate::api::openai::{completions, models};
use crate::api::public::{
    events, feedback, messages, sessions as visitor_sessions, settings as widget_settings, turns,
};
use crate::api::v1::{
    access, agents, audit, auth, conversations, embed, events as session_events, execute, export, keys, knowledge,
    preview, runtime, sessions, settings, traces, usage, users, validate, versions,
};
use crate::api::{
    Policy, Role, Route, SOCKET_PATH, Scope, agentok, agui, attive, build, build_console as build_waiting,
    document as documents, openai, public, socket, v1,
};
use crate::config::LimitSettings;
use crate::http::assets::Assets;
use crate::http::console::app::{self, App};
use crate::http::layer::dialect::{self, WriteFailure};
use crate::http::layer::{gate, log, metrics, preflight, request_id, security_headers};
use crate::http::problem::{no_method, no_route, problem};
use crate::http::{console, health};
use crate::state::AppState;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// The table of the public listener. Tests walk it.
pub fn routes(limits: &LimitSettings) -> Vec<Route> {
    let mut table = visitor_routes(limits.visitor_body_bytes, limits.blocks_body_bytes);
    table.extend(key_routes(limits.key_body_bytes, limits.blocks_body_bytes));
    table
}

/// The table of the console's listener: nothing for visitors. What is marked as for setting up is all that other machines
/// get until there is an owner (BAR.md K5). Tests walk it, too.
pub fn console_routes(limits: &LimitSettings) -> Vec<Route> {
    let mut table = vec![
        // The console's page: under `/` and under every path that is nobody's (`build_console`); and what it loads.
        Route::new(GET, "/", Open, app::show_page).for_setup(),
        Route::new(GET, "/assets/{file}", Open, app::show_file).for_setup(),
        // The page to try the API.
        Route::new(GET, "/try", Open, console::show_page),
        Route::new(GET, "/try/{file}", Open, console::show_file),
        Route::new(GET, "/api/v1/openapi.json", Open, || show_document(true)),
    ];
    table.extend(login_routes(limits.visitor_body_bytes));
    // What keys may do, with a key like everybody; below `/api/v1` a log-in counts as one.
    let for_keys = key_routes(limits.key_body_bytes, limits.blocks_body_bytes);
    table.extend(for_keys.into_iter().map(Route::with_login));
    table
}

/// What users do for themselves and for each other.
fn login_routes(body: u32) -> Vec<Route> {
    const ANY: Policy = Login(Role::Viewer);
    const ADMIN: Policy = Login(Role::Admin);
    vec![
        Route::new(GET, "/api/v1/auth/state", Open, auth::show_state).for_setup(),
        Route::new(POST, "/api/v1/auth/setup", Open, auth::set_up)
            .with_body(body)
            .for_setup(),
        Route::new(POST, "/api/v1/auth/login", Open, auth::log_in).with_body(body),
        Route::new(POST, "/api/v1/auth/logout", ANY, auth::log_out),
        Route::new(POST, "/api/v1/auth/password", ANY, auth::change_password).with_body(body),
        Route::new(GET, "/api/v1/users", ADMIN, users::list),
        Route::new(POST, "/api/v1/users", ADMIN, users::invite).with_body(body),
        Route::new(PATCH, "/api/v1/users/{user_id}", ADMIN, users::change).with_body(body),
        Route::new(DELETE, "/api/v1/users/{user_id}", ADMIN, users::remove),
        Route::new(POST, "/api/v1/users/{user_id}/invite", ADMIN, users::invite_again),
    ]
}

/// Pages. `body` is the most bytes of a body, `blocks` the same of a back end's where images may come.
fn visitor_routes(body: u32, blocks: u32) -> Vec<Route> {
    let agent = |rest: &str| format!("/public/v1/agents/{{agent_key}}{rest}");
    let session = |rest: &str| agent("/sessions/{session_id}") + rest;
    vec![
        // Visitors: the widget.
        Route::new(GET, agent(""), Origin, widget_settings::show_settings),
        Route::new(POST, agent("/sessions"), Origin, visitor_sessions::start_session).with_body(body),
        Route::new(POST, session("/token"), Origin, visitor_sessions::renew_token).with_body(body),
        Route::new(GET, session("/messages"), Visitor, messages::list_messages),
        Route::new(POST, session("/messages"), Visitor, messages::send_message).with_body(body),
        Route::new(GET, session("/events"), Visitor, events::follow_events),
        Route::new(POST, session("/stop"), Visitor, turns::stop_turn),
        Route::new(POST, session("/retry"), Visitor, turns::retry_turn),
        Route::new(POST, session("/input"), Visitor, turns::answer_interrupt).with_body(body),
        Route::new(POST, session("/feedback"), Visitor, feedback::rate_answer).with_body(body),
        Route::new(DELETE, session(""), Visitor, visitor_sessions::erase_session),
        // AG-UI, for back ends too.
        Route::new(POST, "/agui/{agent_key}", VisitorOrKey(Scope::Chat), agui_handlers::run).with_body(blocks),
        // The socket, for back ends too: the gate by its query, before the 101.
        Route::new(GET, SOCKET_PATH, VisitorOrKey(Scope::Chat), socket::connect),
        // The widget's files.
        Route::new(GET, "/chat-widget.js", Open, asset),
        Route::new(GET, "/widget/{version}/{file}", Open, asset),
        // The description of all that.
        Route::new(GET, "/api/v1/openapi.json", Open, || show_document(false)),
        // Operations.
        Route::new(GET, "/public/v1/ping", Open, health::ping),
        Route::new(GET, "/healthz", Open, health::healthz),
        Route::new(GET, "/readyz", Open, health::readyz),
    ]
}

/// Back ends. `body` is the most bytes of a body, `blocks` the same where images and documents may come.
fn key_routes(body: u32, blocks: u32) -> Vec<Route> {
    const CHAT: Policy = Key(Scope::Chat);
    /// Whoever may read the sessions of others need not make any.
    const READS: Scope = Scope::SessionsRead;
    const KEYS: Policy = Key(Scope::KeysWrite);
    const TRACES: Policy = Key(Scope::TracesRead);
    const SESSIONS: Policy = Key(READS);
    const READ: Policy = Key(Scope::AgentsRead);
    const WRITE: Policy = Key(Scope::AgentsWrite);
    const ADMIN: Policy = Key(Scope::Admin);
    let mut table = vec![
        // Atthene REST.
        Route::new(GET, "/api/v1/sessions/from-agent", CHAT, sessions::start_by_get),
        Route::new(POST, "/api/v1/sessions/from-agent", CHAT, sessions::start_by_post).with_body(body),
        Route::new(DELETE, "/api/v1/sessions/from-agent", CHAT, sessions::delete_of_agent),
        Route::new(
            POST,
            "/api/v1/sessions/from-agent/{agent_id}",
            CHAT,
            sessions::start_by_id,
        )
        .with_body(body),
        Route::new(GET, "/api/v1/sessions", CHAT, sessions::list).or_with(READS),
        Route::new(POST, "/api/v1/sessions", CHAT, sessions::start_from_config).with_body(body),
        Route::new(GET, "/api/v1/sessions/{session_id}", CHAT, sessions::show).or_with(READS),
        Route::new(DELETE, "/api/v1/sessions/{session_id}", CHAT, sessions::delete),
        Route::new(POST, "/api/v1/runtime/{session_id}/execute", CHAT, execute::execute).with_body(blocks),
        Route::new(GET, "/api/v1/runtime/{session_id}/messages", CHAT, runtime::messages).or_with(READS),
        Route::new(GET, "/api/v1/runtime/{session_id}/status", CHAT, runtime::status).or_with(READS),
        Route::new(
            GET,
            "/api/v1/runtime/{session_id}/events",
            CHAT,
            session_events::follow_events,
        )
        .or_with(READS),
        Route::new(POST, "/api/v1/runtime/{session_id}/stop", CHAT, runtime::stop),
        Route::new(POST, "/api/v1/runtime/{session_id}/retry", CHAT, runtime::retry),
        Route::new(POST, "/api/v1/runtime/{session_id}/input", CHAT, runtime::input).with_body(body),
        Route::new(
            GET,
            "/api/v1/conversations",
            SESSIONS,
            conversations::list_conversations,
        ),
        Route::new(
            GET,
            "/api/v1/conversations/export",
            SESSIONS,
            export::export_conversations,
        ),
        Route::new(
            GET,
            "/api/v1/conversations/{session_id}",
            SESSIONS,
            conversations::show_conversation,
        ),
        Route::new(GET, "/api/v1/api-keys", KEYS, keys::list),
        Route::new(POST, "/api/v1/api-keys", KEYS, keys::create).with_body(body),
        Route::new(DELETE, "/api/v1/api-keys/{key_id}", KEYS, keys::revoke),
        Route::new(GET, "/api/v1/audit", ADMIN, audit::list_entries),
        Route::new(GET, "/api/v1/usage", TRACES, usage::show_usage),
        Route::new(GET, "/api/v1/traces", TRACES, traces::list_traces),
        Route::new(GET, "/api/v1/traces/{run_id}", TRACES, traces::show_trace),
        Route::new(GET, "/api/v1/settings", ADMIN, settings::show_settings),
        Route::new(POST, "/api/v1/providers/test", ADMIN, settings::test_provider).with_body(body),
        // Attive.
        Route::new(POST, "/api/chat", CHAT, attive::ask).with_body(body),
        // OpenAI.
        Route::new(POST, "/v1/chat/completions", CHAT, completions::complete).with_body(blocks),
        Route::new(GET, "/v1/models", CHAT, models::list),
        Route::new(GET, "/v1/models/{model}", CHAT, models::show),
    ];
    // The same below each of the two names that the documents have.
    for at in ["/api/v1/agent", "/api/v1/agents"] {
        let path = |rest: &str| format!("{at}{rest}");
        table.extend([
            Route::new(GET, at, READ, agents::list_agents),
            Route::new(POST, at, WRITE, agents::create_agent).with_body(body),
            Route::new(POST, path("/validate"), READ, validate::validate_config).with_body(body),
            Route::new(GET, path("/{agent}"), READ, agents::show_agent),
            Route::new(PATCH, path("/{agent}"), WRITE, agents::change_agent).with_body(body),
            Route::new(DELETE, path("/{agent}"), WRITE, agents::delete_agent),
            Route::new(GET, path("/{agent}/embed"), READ, embed::show_embedding),
            Route::new(POST, path("/{agent}/preview"), WRITE, preview::make_preview).with_body(body),
            Route::new(GET, path("/{agent}/versions"), READ, versions::list_versions),
            Route::new(GET, path("/{agent}/versions/{number}"), READ, versions::show_version),
            Route::new(
                POST,
                path("/{agent}/versions/{number}/deploy"),
                WRITE,
                versions::deploy_version,
            ),
            Route::new(GET, path("/{agent}/knowledge"), READ, knowledge::show_knowledge),
            Route::new(POST, path("/{agent}/knowledge"), WRITE, knowledge::add_documents).with_body(blocks),
            Route::new(
                DELETE,
                path("/{agent}/knowledge/{base}/{document}"),
                WRITE,
                knowledge::remove_document,
            ),
            Route::new(POST, path("/{agent}/origins/test"), READ, access::test_origin).with_body(body),
            Route::new(GET, path("/{agent}/origins/seen"), READ, access::seen_origins),
        ]);
    }
    for at in ["/chats", "/v1/chats"] {
        let path = |rest: &str| format!("{at}{rest}");
        table.extend([
            Route::new(GET, at, CHAT, chat_handlers::list),
            Route::new(POST, at, CHAT, chat_handlers::create).with_body(body),
            Route::new(GET, path("/{chat_id}"), CHAT, chat_handlers::show),
            Route::new(DELETE, path("/{chat_id}"), CHAT, chat_handlers::delete),
            Route::new(GET, path("/{chat_id}/messages"), CHAT, chat_handlers::messages),
            Route::new(POST, path("/{chat_id}/messages"), CHAT, chat_handlers::send).with_body(body),
            Route::new(POST, path("/{chat_id}/input"), CHAT, chat_handlers::input).with_body(body),
            Route::new(POST, path("/{chat_id}/abort"), CHAT, chat_handlers::abort),
        ]);
    }
    table
}

/// Whose error body a path has; ours where nothing is said.
fn dialect_of(path: &str) -> Option<WriteFailure> {
    let is_below = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if is_below("/chats") || is_below("/v1/chats") {
        Some(agentok::write_failure)
    } else if is_below("/api/chat") {
        Some(attive::write_failure)
    } else if is_below("/v1") {
        Some(openai::write_failure)
    } else {
        None
    }
}

/// The whole public listener. The widget's files are no state of the product: they are handed to their routes alone.
pub fn build_router(state: AppState, assets: Arc<Assets>) -> Router {
    let gated = inner(build(routes(&state.settings.limits), &state).fallback(no_route))
        .layer(Extension(assets))
        .layer(from_fn_with_state(state.clone(), gate::layer));
    outer(gated, state)
}

/// The whole listener of the console. There are no visitors on it, so no gate either; of the widget's files it only
/// tells.
pub fn build_console(state: AppState, assets: Arc<Assets>) -> Router {
    let app = App::load(&state.settings.public_url);
    let table = console_routes(&state.settings.limits);
    let routed = build_waiting(table, &state).fallback(app::show_page_or_nothing);
    let extended = inner(routed).layer(Extension(assets)).layer(Extension(Arc::new(app)));
    outer(extended, state)
}

/// The routes, and their failures as each dialect writes them. The last layer added is the first that a request meets.
fn inner(routed: Router<AppState>) -> Router<AppState> {
    routed
        .method_not_allowed_fallback(no_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(dialect_of as dialect::Table, dialect::layer))
}

/// What every answer meets last.
fn outer(router: Router<AppState>, state: AppState) -> Router {
    router
        .layer(from_fn_with_state(state.clone(), preflight::layer))
        .layer(from_fn(security_headers::layer))
        .layer(from_fn_with_state(state.clone(), metrics::layer))
        .layer(from_fn(log::layer))
        .layer(from_fn(request_id::layer))
        .with_state(state)
}

/// A file of the widget.
async fn asset(Extension(assets): Extension<Arc<Assets>>, request: Request) -> Response {
    assets.respond(request.uri().path(), request.headers())
}

/// The OpenAPI document of all dialects. It says the same whatever the settings are.
pub fn document() -> Value {
    documented(true)
}

/// The same, with or without what the console's listener alone serves.
fn documented(with_console: bool) -> Value {
    let mut dialects = vec![
        v1::openapi::dialect(),
        agentok::openapi::dialect(),
        attive::openapi::dialect(),
        openai::openapi::dialect(),
        agui::openapi::dialect(),
        public::openapi::dialect(),
    ];
    let limits = LimitSettings::default();
    let mut table = routes(&limits);
    if with_console {
        dialects.insert(1, v1::openapi::console_dialect());
        table.extend(login_routes(limits.visitor_body_bytes));
    }
    documents::document(&table, dialects)
}

/// Open, for pages too: it holds no secret. The public listener tells of what it serves itself: tools hold every address
/// against where they got the document.
async fn show_document(with_console: bool) -> impl IntoResponse {
    static TEXTS: LazyLock<[Bytes; 2]> =
        LazyLock::new(|| [false, true].map(|with_console| Bytes::from(documented(with_console).to_string())));
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, TEXTS[usize::from(with_console)].clone())
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> http::Response<axum::body::Body> {
    let message = "Something went wrong on the server.";
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal_error",
        "internal_error",
        message,
        None,
    )
}
