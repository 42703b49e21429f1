//! The client's address: the first from the right of all `X-Forwarded-For` lines that is not a configured proxy.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;

use crate::state::AppState;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Where a request comes from, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The peer of the connection; the listener puts it into the request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<Peer>()
            .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        Ok(Self(client_address(
            peer,
            &parts.headers,
            &state.settings.trusted_proxies,
        )))
    }
}

/// Whom to count: the peer, or whom its chain of configured proxies says.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted.contains(&peer) {
        warn_once(headers, peer);
        return peer;
    }
    let lines: Vec<&str> = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut address = peer;
    for hop in hops {
        // What cannot be read was not written by a proxy of ours: whoever stands before it is the one to count.
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        address = hop.to_canonical();
        if !trusted.contains(&address) {
            break;
        }
    }
    address
}

/// A proxy that is not configured makes all visitors share one address: say so, once.
fn warn_once(headers: &HeaderMap, peer: IpAddr) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    if headers.contains_key(X_FORWARDED_FOR) && !WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            %peer,
            "a peer sends X-Forwarded-For but is not in `trusted_proxies`: its visitors are counted as one address. \
             If it is your reverse proxy, add it to the settings."
        );
    }
}
