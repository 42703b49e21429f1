//! A list of the server's that comes page by page: what is there stays in sight while more comes, or while it is asked for
//! again.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::task::spawn_local;

use super::button::Button;
use super::status::{Loaded, failed, skeleton};
use crate::api::Failure;
use crate::prelude::*;
use crate::state::{state, words};

/// A page of the list.
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; none after the last.
    pub next: Option<String>,
}

type Ask<T> = Rc<dyn Fn(Option<String>) -> Pin<Box<dyn Future<Output = Result<Page<T>, Failure>>>>>;

/// See the top of the file. A handle: copies are the same list.
pub struct Paged<T: Send + Sync + 'static> {
    state: RwSignal<Loaded<Vec<T>>>,
    next: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
    ask: StoredValue<Ask<T>, LocalStorage>,
    round: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Paged<T> {}

/// Asks for the first page at once; later for those that begin where the one before said.
pub fn paged<T, F>(ask: impl Fn(Option<String>) -> F + 'static) -> Paged<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<Page<T>, Failure>> + 'static,
{
    let paged = Paged {
        state: RwSignal::new(Loaded::Waiting),
        next: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        ask: StoredValue::new_local(Rc::new(move |from| {
            Box::pin(ask(from)) as Pin<Box<dyn Future<Output = _>>>
        })),
        round: StoredValue::new(0),
    };
    paged.refresh();
    paged
}

impl<T: Clone + Send + Sync + 'static> Paged<T> {
    /// Asks again from the beginning.
    pub fn refresh(self) {
        self.fetch(None);
    }

    /// Asks for the next page.
    pub fn more(self) {
        if let Some(from) = self.next.get_untracked() {
            self.fetch(Some(from));
        }
    }

    fn fetch(self, from: Option<String>) {
        let is_first = from.is_none();
        let Some(asked) = self.ask.try_with_value(|ask| ask(from)) else {
            return;
        };
        let round = self.round.get_value() + 1;
        self.round.set_value(round);
        self.is_busy.set(true);
        spawn_local(async move {
            let answer = asked.await;
            // The page may be gone, or somebody may have asked again since.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.next.set(page.next);
                    self.put(is_first, page.items);
                }
                Err(failure) if is_first => self.state.set(Loaded::Failed(failure)),
                // What is there stays.
                Err(failure) => state().complain(&failure),
            }
            self.is_busy.set(false);
        });
    }

    fn put(self, is_first: bool, items: Vec<T>) {
        self.state.update(|state| match state {
            Loaded::Ready(all) if !is_first => all.extend(items),
            _ => *state = Loaded::Ready(items),
        });
    }

    /// Shows again that it is on its way.
    fn restart(self) {
        self.state.set(Loaded::Waiting);
        self.refresh();
    }
}

/// Shows the list: grey lines until it is here, what failed, what to do while it is empty, the button for more.
pub fn listed<T, E, V>(
    list: Paged<T>,
    empty: impl Fn() -> E + Send + 'static,
    full: impl Fn(Vec<T>) -> V + Send + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    E: IntoView + 'static,
    V: IntoView + 'static,
{
    let more = move || {
        let has_more = list.next.with(Option::is_some) && matches!(list.state.get(), Loaded::Ready(_));
        has_more.then(|| {
            view! {
                <div class="more">
                    <Button label=words().general.more is_busy=list.is_busy on_press=move || list.more() />
                </div>
            }
        })
    };
    view! {
        <div aria-busy=move || list.is_busy.get().then_some("true")>
            {move || match list.state.get() {
                Loaded::Waiting => skeleton().into_any(),
                Loaded::Failed(failure) => failed(&failure, move || list.restart()).into_any(),
                Loaded::Ready(items) if items.is_empty() => empty().into_any(),
                Loaded::Ready(items) => full(items).into_any(),
            }} {more}
        </div>
    }
}
