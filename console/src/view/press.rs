//! What is done when something is pressed or answered, without the type of the closure that does it: so a part with a
//! button in it is compiled once, and not once for each of its uses.

use std::sync::Arc;

/// Something to do.
#[derive(Clone)]
pub struct Press(Arc<dyn Fn() + Send + Sync>);

impl Press {
    /// Does it.
    pub fn now(&self) {
        (self.0)();
    }
}

impl<F: Fn() + Send + Sync + 'static> From<F> for Press {
    fn from(does: F) -> Self {
        Self(Arc::new(does))
    }
}
