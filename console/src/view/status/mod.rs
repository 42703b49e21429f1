//! What is asked of the server, and what is shown until it is there, when it is not to be had, and when it is empty.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::task::spawn_local;

use super::button::Button;
use super::icon::{Icon, icon};
use super::press::Press;
use crate::api::Failure;
use crate::prelude::*;
use crate::state::words;

/// Something of the server's.
#[derive(Clone, Debug, PartialEq)]
pub enum Loaded<T> {
    /// It is on its way.
    Waiting,
    /// It is here.
    Ready(T),
    /// It could not be had.
    Failed(Failure),
}

type Ask<T> = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, Failure>>>>>;

/// Something of the server's that can be asked for again. A handle: copies are the same thing.
pub struct Remote<T: Send + Sync + 'static> {
    state: RwSignal<Loaded<T>>,
    ask: StoredValue<Ask<T>, LocalStorage>,
    round: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

/// Asks at once.
pub fn remote<T, F>(ask: impl Fn() -> F + 'static) -> Remote<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let remote = Remote {
        state: RwSignal::new(Loaded::Waiting),
        ask: StoredValue::new_local(Rc::new(move || Box::pin(ask()) as Pin<Box<dyn Future<Output = _>>>)),
        round: StoredValue::new(0),
    };
    remote.refresh();
    remote
}

impl<T: Clone + Send + Sync + 'static> Remote<T> {
    /// Asks again; what is there stays in sight until then.
    pub fn refresh(self) {
        let Some(asked) = self.ask.try_with_value(|ask| ask()) else {
            return;
        };
        let round = self.round.get_value() + 1;
        self.round.set_value(round);
        spawn_local(async move {
            let answer = asked.await;
            // The page may be gone, or somebody may have asked again since.
            if self.round.try_get_value() == Some(round) {
                self.state.set(match answer {
                    Ok(value) => Loaded::Ready(value),
                    Err(failure) => Loaded::Failed(failure),
                });
            }
        });
    }

    /// Asks again, and shows that.
    pub fn restart(self) {
        self.state.set(Loaded::Waiting);
        self.refresh();
    }

    /// What it is now; tracked.
    pub fn read(self) -> Loaded<T> {
        self.state.get()
    }

    /// The value, if it is here; tracked.
    pub fn value(self) -> Option<T> {
        self.state.with(|state| match state {
            Loaded::Ready(value) => Some(value.clone()),
            Loaded::Waiting | Loaded::Failed(_) => None,
        })
    }

    /// Puts a newer one in: the answer to a change.
    pub fn put(self, value: T) {
        self.round.update_value(|round| *round += 1);
        self.state.set(Loaded::Ready(value));
    }

    /// Changes what is here.
    pub fn change(self, change: impl FnOnce(&mut T)) {
        self.state.update(|state| {
            if let Loaded::Ready(value) = state {
                change(value);
            }
        });
    }
}

/// Shows something of the server's: grey lines until it is here, what failed with a way to try again.
pub fn shown<T, V>(remote: Remote<T>, ready: impl Fn(T) -> V + Send + 'static) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    move || match remote.read() {
        Loaded::Waiting => skeleton().into_any(),
        Loaded::Ready(value) => ready(value).into_any(),
        Loaded::Failed(failure) => failed(&failure, move || remote.restart()).into_any(),
    }
}

/// Grey lines where something will be.
pub fn skeleton() -> impl IntoView {
    let lines = [100, 82, 91, 68].into_iter().map(|width| {
        view! { <i style:width=format!("{width}%")></i> }
    });
    view! {
        <div class="skeleton" role="status">
            <span class="sr">{words().general.loading}</span>
            {lines.collect_view()}
        </div>
    }
}

/// What failed, and a way to try again.
pub fn failed(failure: &Failure, again: impl Into<Press>) -> impl IntoView {
    let words = words();
    let text = words.general.failure(failure);
    let again: Press = again.into();
    view! {
        <div class="failed" role="alert">
            {icon(Icon::Warn)}
            <p>{text}</p>
            <Button label=words.general.try_again sign=Icon::Again on_press=again />
        </div>
    }
}

/// There is nothing yet: why, and what to do about it.
#[component]
pub fn Empty(
    /// The drawing.
    sign: Icon,
    /// What there is not.
    #[prop(into)]
    title: String,
    /// The next step.
    #[prop(into)]
    text: String,
    /// A button or a link for it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-sign">{icon(sign)}</span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
