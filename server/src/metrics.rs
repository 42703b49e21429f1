//! What the server counts about itself, for Prometheus. It knows names and numbers only: no text, no key, no address,
//! and no label whose values somebody outside could invent.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of how long answers take, in seconds: from a look-up in memory to a long answer of a model.
const ANSWER_S: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 120.0,
];
/// The same of a commit.
const COMMIT_S: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// One label with a value of ours.
type Named = [(&'static str, &'static str); 1];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

/// All that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_seconds: Family<Route, Histogram, fn() -> Histogram>,
    running_turns: Gauge,
    open_streams: Gauge,
    turns: Family<Named, Counter>,
    tokens: Family<Named, Counter>,
    refused_origins: Family<Named, Counter>,
    rate_limited: Family<Named, Counter>,
    upstream_errors: Family<Named, Counter>,
    feedback: Family<Named, Counter>,
    commit_seconds: Histogram,
}

/// Something that goes on, counted until this is dropped.
#[derive(Debug)]
pub struct Open(Gauge);

impl Open {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("atthene");
        let answers: fn() -> Histogram = || Histogram::new(ANSWER_S);
        Self {
            requests: known(
                &mut registry,
                "requests",
                "Requests by route, method and class of status",
            ),
            request_seconds: {
                let seconds = Family::new_with_constructor(answers);
                registry.register("request_seconds", "Time until the head of an answer", seconds.clone());
                seconds
            },
            running_turns: known(&mut registry, "running_turns", "Answers that are being written"),
            open_streams: known(&mut registry, "open_streams", "Event streams and sockets that are open"),
            turns: known(&mut registry, "turns", "Turns that ended, by outcome"),
            tokens: known(&mut registry, "tokens", "Tokens of model calls, as vendors report them"),
            refused_origins: known(
                &mut registry,
                "refused_origins",
                "Requests of pages that the gate refused",
            ),
            rate_limited: known(&mut registry, "rate_limited", "Refusals by a limit or a budget"),
            upstream_errors: known(&mut registry, "upstream_errors", "Model calls that failed, by code"),
            feedback: known(&mut registry, "feedback", "Ratings of answers by visitors"),
            commit_seconds: {
                let seconds = Histogram::new(COMMIT_S);
                let help = "Time to commit a message, or the end of a turn";
                registry.register("commit_seconds", help, seconds.clone());
                seconds
            },
            registry,
        }
    }
}

/// A metric that the registry writes from now on.
fn known<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// Everything as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the metrics could not be written");
        }
        text
    }

    /// A request was answered. `route` is the pattern of the table of routes, never a path that somebody sent.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let method = method_word(method);
        let labels = Request {
            method,
            route: route.to_owned(),
            status: class_of(status),
        };
        self.requests.get_or_create(&labels).inc();
        let Request { route, .. } = labels;
        let timed = Route { method, route };
        self.request_seconds.get_or_create(&timed).observe(took.as_secs_f64());
    }

    /// An answer is being written.
    pub fn running_turn(&self) -> Open {
        Open::new(&self.running_turns)
    }

    /// A stream is open.
    pub fn open_stream(&self) -> Open {
        Open::new(&self.open_streams)
    }

    /// A turn ended.
    pub fn turn(&self, outcome: &'static str, input_tokens: u64, output_tokens: u64) {
        self.turns.get_or_create(&[("outcome", outcome)]).inc();
        for (direction, count) in [("input", input_tokens), ("output", output_tokens)] {
            self.tokens.get_or_create(&[("direction", direction)]).inc_by(count);
        }
    }

    /// A page was refused.
    pub fn refused_origin(&self, reason: &'static str) {
        self.refused_origins.get_or_create(&[("reason", reason)]).inc();
    }

    /// A limit was reached.
    pub fn rate_limited(&self, limit: &'static str) {
        self.rate_limited.get_or_create(&[("limit", limit)]).inc();
    }

    /// A model did not answer.
    pub fn model_failed(&self, kind: &'static str) {
        self.upstream_errors.get_or_create(&[("kind", kind)]).inc();
    }

    /// A visitor rated an answer, or took that back.
    pub fn feedback(&self, rating: &'static str) {
        self.feedback.get_or_create(&[("rating", rating)]).inc();
    }

    /// A commit that somebody waited for.
    pub fn commit(&self, took: Duration) {
        self.commit_seconds.observe(took.as_secs_f64());
    }
}

/// A method of the table of routes; anything else is one value.
fn method_word(method: &str) -> &'static str {
    const KNOWN: [&str; 6] = ["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let is_it = |word: &&&str| **word == method;
    KNOWN.iter().find(is_it).copied().unwrap_or("other")
}

fn class_of(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
