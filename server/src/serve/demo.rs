//! The demo: a customer's site on an origin of its own, and a page on a third origin that may not embed the agent.
//! Nothing here is special to the widget: both pages use the snippet that everybody uses.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use rust_embed::RustEmbed;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Patience, Server, accept};
use crate::config::Settings;
use crate::domain::agents::ApplyError;
use crate::domain::demo::{self, AGENT_KEY, DemoError};
use crate::http::assets::content_type;
use crate::http::snippet::snippet;
use crate::state::AppState;
use crate::store::Store;

/// The pages.
#[derive(RustEmbed)]
#[folder = "../demo-site"]
#[allow_missing = true]
struct Pages;

/// Makes the demo agent, brings its knowledge up to date and serves both sites until `stop`.
///
/// # Errors
/// A port is taken, or the store failed.
pub(super) async fn start(server: &Server, stop: CancellationToken) -> Result<()> {
    let state = &server.booted.state;
    let settings = &state.settings;
    prepare_agent(settings, server.booted.store.as_ref(), state).await?;
    let demo = &settings.demo;
    let allowed = site(&settings.public_url, "index.html")?;
    let refused = site(&settings.public_url, "refused.html")?;
    let patience = Patience::of(&settings.limits);
    let serve = |listener: TcpListener, router: &Router| {
        tokio::spawn(accept(
            listener,
            router.clone(),
            patience,
            TaskTracker::new(),
            stop.clone(),
        ));
    };
    serve(
        bind(SocketAddr::from((Ipv4Addr::LOCALHOST, demo.port))).await?,
        &allowed,
    );
    // `localhost` may be the other one first; a machine without IPv6 does without.
    if let Ok(listener) = bind(SocketAddr::from((Ipv6Addr::LOCALHOST, demo.port))).await {
        serve(listener, &allowed);
    }
    serve(
        bind(SocketAddr::from((Ipv4Addr::LOCALHOST, demo.refused_port))).await?,
        &refused,
    );
    welcome(settings, server.console_address.is_some());
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("the demo cannot listen on {address}"))
}

async fn prepare_agent(settings: &Settings, store: &dyn Store, state: &AppState) -> Result<()> {
    let demo = &settings.demo;
    let agent = match demo::make_agent(store, &demo.allowed_origin(), state.clock.now()).await {
        Ok(agent) => agent,
        // Somebody deleted it: the pages stay, and show what a page of an unknown agent shows.
        Err(DemoError::Apply(ApplyError::KeyTaken(_))) => {
            tracing::warn!(
                agent_key = AGENT_KEY,
                "the demo agent was deleted and is not made again"
            );
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    state.table.refresh(store).await?;
    match demo::fill_knowledge(store, &agent, &demo.docs_dir, state.clock.now()).await {
        Ok(report) => tracing::info!(
            indexed = report.indexed,
            unchanged = report.unchanged,
            removed = report.removed,
            "the demo agent knows the folder"
        ),
        Err(error) => {
            tracing::warn!(folder = %demo.docs_dir.display(), %error, "the demo agent knows nothing new");
        }
    }
    Ok(())
}

/// A site: the embedded files, with `front` as its front page.
///
/// # Errors
/// `public_url` cannot stand in a header.
fn site(public_url: &str, front: &'static str) -> Result<Router> {
    let policy = HeaderValue::from_str(&policy(public_url)).context("public_url cannot stand in a header")?;
    let public_url: Arc<str> = Arc::from(public_url);
    let answer = move |request: Request| {
        let path = request.uri().path().trim_start_matches('/');
        let name = if path.is_empty() { front } else { path };
        let mut response = page(name, &public_url);
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(
            REFERRER_POLICY,
            HeaderValue::from_static("strict-origin-when-cross-origin"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        std::future::ready(response)
    };
    Ok(Router::new().fallback(get(answer)))
}

/// What the pages may load: themselves and the widget's server. Their snippet stands in the page, as in the documents.
fn policy(public_url: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' {public_url}; connect-src {public_url}; \
         img-src 'self' data: {public_url}; style-src 'self'; frame-ancestors 'none'"
    )
}

fn page(name: &str, public_url: &str) -> Response {
    let Some(file) = Pages::get(name) else {
        return (StatusCode::NOT_FOUND, "There is no such page.\n").into_response();
    };
    let kind = content_type(name);
    let is_template = kind.starts_with("text/");
    let body = match std::str::from_utf8(&file.data) {
        Ok(text) if is_template => text
            .replace("{{public_url}}", public_url)
            .replace("{{agent_key}}", AGENT_KEY)
            .into_bytes(),
        _ => file.data.into_owned(),
    };
    ([(CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

#[allow(
    clippy::print_stdout,
    reason = "this is for the person at the terminal, not for the log"
)]
fn welcome(settings: &Settings, has_console: bool) {
    let demo = &settings.demo;
    let snippet = snippet(&settings.public_url, AGENT_KEY);
    println!(
        "\n  A customer's site with the widget   {}\n  A site that may not embed it        {}\n  The server                          {}",
        demo.allowed_origin(),
        demo.refused_origin(),
        settings.public_url,
    );
    if has_console {
        println!("  A page to try the API               {}", settings.console_url);
    }
    println!("\nThe snippet of that site:\n\n{snippet}\n");
    println!(
        "The agent quotes its own documentation. To put a model behind it, write this to atthene.toml, give the agent\n\
         `llm_config: {{model: openai/gpt-5-mini}}` by `atthene agent apply FILE`, and start again:\n\n\
         [providers.openai]\nkind = \"openai\"\nbase_url = \"https://api.openai.com/v1/\"\napi_key_env = \"OPENAI_API_KEY\"\n"
    );
}
