//! Bind, run, drain, stop. A loop of our own over hyper, because a request's head must arrive in time (BAR.md L) and
//! axum's own has no such limit.

mod demo;
mod drained;
mod setup;
mod stall;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use drained::Drained;

use crate::boot::{Booted, Overrides, boot, make_private_folder};
use crate::config::{LimitSettings, Settings};
use crate::http::assets::{Assets, KEPT_FOLDER};
use crate::http::extract::address::Peer;
use crate::http::metrics;
use crate::http::websocket::Tracked;
pub use crate::router::document;
use crate::router::{build_console, build_router};
use stall::StallGuard;

/// After the turns, connections have so long to close.
const CONNECTION_GRACE: Duration = Duration::from_secs(2);
/// A listener that cannot accept (out of descriptors, for one) waits before it tries again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// A request's head has at most so many bytes, and so many wait for a reader who takes nothing: a thousand of those may
/// cost 64 MiB together (BAR.md W).
const CONNECTION_BUFFER_BYTES: usize = 32 * 1024;

/// A server whose listener is bound.
pub struct Server {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// Its state and its store.
    pub booted: Booted,
    /// The address of the console, where it has one.
    pub console_address: Option<SocketAddr>,
    /// The address of the metrics, where they are asked for.
    pub metrics_address: Option<SocketAddr>,
    listener: TcpListener,
    console_listener: Option<TcpListener>,
    metrics_listener: Option<TcpListener>,
    router: Router,
    assets: Arc<Assets>,
}

impl Server {
    /// Boots and binds.
    ///
    /// # Errors
    /// A setting that cannot work, a database that cannot be opened, an address that is taken.
    pub async fn bind(settings: Settings, overrides: Overrides) -> Result<Self> {
        let (listener, address) = listen(settings.listen).await?;
        let metrics = match settings.metrics_address() {
            Some(wanted) => Some(listen(wanted).await.context("metrics_listen")?),
            None => None,
        };
        let (metrics_listener, metrics_address) = metrics.unzip();
        let (console_listener, console_address) = listen_for_console(&settings).await?.unzip();
        let booted = boot(settings, overrides).await?;
        // Where it cannot be made, keeping the widget's files fails, and says so.
        let _ = make_private_folder(&booted.state.settings.data_dir.join(KEPT_FOLDER));
        let assets = Arc::new(Assets::load(
            &booted.state.settings.public_url,
            &booted.state.settings.data_dir,
        ));
        let router = build_router(booted.state.clone(), Arc::clone(&assets));
        Ok(Self {
            address,
            booted,
            console_address,
            metrics_address,
            listener,
            console_listener,
            metrics_listener,
            router,
            assets,
        })
    }

    /// Serves until `stop`, then drains: no new work, streams are told to come back, turns may end.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            booted,
            listener,
            console_listener,
            metrics_listener,
            router,
            assets,
            ..
        } = self;
        let state = booted.state;
        let closing = CancellationToken::new();
        let connections = TaskTracker::new();
        let patience = Patience::of(&state.settings.limits);
        // The metrics, too, until the very end: how a server drains is worth seeing.
        let listeners = [
            Some((listener, router)),
            console_listener.map(|listener| (listener, build_console(state.clone(), assets))),
            metrics_listener.map(|listener| (listener, metrics::router(Arc::clone(&state.metrics)))),
        ];
        let accepting: Vec<_> = listeners
            .into_iter()
            .flatten()
            .map(|(listener, router)| accept(listener, router, patience, connections.clone(), closing.clone()))
            .map(tokio::spawn)
            .collect();
        stop.cancelled().await;
        tracing::info!("stopping: no new work, running answers may end");
        state.draining.cancel();
        let turn_grace = Duration::from_millis(state.settings.shutdown_grace_ms);
        state.conversations.drain(turn_grace).await;
        closing.cancel();
        for listener in accepting {
            listener.abort();
        }
        connections.close();
        if tokio::time::timeout(CONNECTION_GRACE, connections.wait())
            .await
            .is_err()
        {
            tracing::warn!("connections were still open at the end");
        }
        if let Err(error) = booted.store.settle().await {
            tracing::warn!(%error, "the store could not be settled");
        }
    }
}

async fn listen(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(wanted)
        .await
        .with_context(|| format!("cannot listen on {wanted}"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// The console's listener, if there is one. Where its usual address is taken, by another server of ours most likely,
/// the chat is served all the same; an address that somebody chose must be free.
async fn listen_for_console(settings: &Settings) -> Result<Option<(TcpListener, SocketAddr)>> {
    let Some(wanted) = settings.console_address() else {
        return Ok(None);
    };
    if !settings.has_local_console() {
        tracing::warn!(%wanted, "other machines reach console_listen: until there is an owner, only the set-up answers there");
    }
    if settings.sends_passwords_in_the_clear() {
        tracing::error!(
            console_url = settings.console_url,
            "PASSWORDS AND LOG-INS GO OVER THE NETWORK IN THE CLEAR: console_url is plain http on another machine. Put a \
             proxy with TLS in front of it and set console_url to its https address"
        );
    }
    match listen(wanted).await {
        Ok(bound) => Ok(Some(bound)),
        Err(error) if settings.console_listen == Settings::CONSOLE_LISTEN => {
            tracing::error!(%error, "there is no console; set console_listen to a free address, or to \"\" for none");
            Ok(None)
        }
        Err(error) => Err(error.context("console_listen")),
    }
}

/// How long a connection may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the whole head of a request.
    head: Duration,
    /// For the first byte that it takes of what we write.
    stall: Duration,
}

impl Patience {
    /// As the settings say. A stream gets the chance to tell a slow reader that it ends, so it is cut off a third later.
    pub fn of(limits: &LimitSettings) -> Self {
        let slow_ms = limits.slow_reader_timeout_ms;
        Self {
            head: Duration::from_millis(limits.header_read_timeout_ms),
            stall: Duration::from_millis(slow_ms.saturating_add(slow_ms / 3)),
        }
    }
}

/// Serves a router on a listener until `closing`; also what the demo site's listeners use.
pub async fn accept(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    connections: TaskTracker,
    closing: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = closing.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let router = router.clone();
                let tracked = Tracked(connections.token());
                connections.spawn(serve_connection(
                    stream,
                    peer,
                    tracked,
                    router,
                    patience,
                    closing.clone(),
                ));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    tracked: Tracked,
    router: Router,
    patience: Patience,
    closing: CancellationToken,
) {
    // Small writes are tokens on their way to a reader: they must not wait for more.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(tracked.clone());
        router
            .clone()
            .oneshot(request.map(|body| Body::new(Drained::new(body))))
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(CONNECTION_BUFFER_BYTES);
    let connection = http
        .serve_connection(TokioIo::new(StallGuard::new(stream, patience.stall)), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = closing.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Runs the server of the settings until the process is told to stop.
///
/// # Errors
/// As [`Server::bind`].
pub async fn serve(settings: Settings) -> Result<()> {
    let server = Server::bind(settings, Overrides::default()).await?;
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let settings = Arc::clone(&server.booted.state.settings);
    if settings.demo.enabled {
        demo::start(&server, stop.clone()).await?;
    }
    if let Some(address) = server.console_address {
        tracing::info!(%address, console_url = settings.console_url, "the console listens");
    }
    tracing::info!(address = %server.address, public_url = settings.public_url, "listening");
    if server.console_address.is_some() {
        setup::offer(&server).await?;
    }
    server.run(stop).await;
    Ok(())
}

async fn stop_on_signal(stop: CancellationToken) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            stop.cancel();
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
    stop.cancel();
}
