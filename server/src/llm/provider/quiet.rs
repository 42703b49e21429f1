//! Keeps genai from logging: it writes a failed answer's whole body, which is the vendor's text and may hold a key.
//! What we log of a failure is its cleaned detail (`failure`).

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tracing::dispatcher::{self, Dispatch};

/// A stream that is read with logging switched off.
pub(super) struct Quiet<S>(Pin<Box<S>>);

impl<S> Quiet<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Box::pin(stream))
    }
}

impl<S: Stream> Stream for Quiet<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        dispatcher::with_default(&Dispatch::none(), || self.0.as_mut().poll_next(context))
    }
}
