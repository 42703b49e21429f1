//! Keeps the library from logging: it writes vendors' texts, which may hold a key. What we log of a failure is its
//! cleaned detail (`failure`).

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tracing::dispatcher::{self, Dispatch};

/// Runs something with logging switched off.
pub(super) fn quietly<T>(run: impl FnOnce() -> T) -> T {
    dispatcher::with_default(&Dispatch::none(), run)
}

/// A stream that is read with logging switched off.
pub(super) struct Quiet<S>(Pin<Box<S>>);

impl<S> Quiet<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Box::pin(stream))
    }

    /// The stream itself, between two readings.
    pub(super) fn inner(&self) -> &S {
        &self.0
    }
}

impl<S: Stream> Stream for Quiet<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        quietly(|| self.0.as_mut().poll_next(context))
    }
}
