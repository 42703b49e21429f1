//! The real widget in a frame of its own: loaded from `public_url` as a customer's page loads it, with a window of its own
//! size, so that what is seen here is what visitors see. The frame has no address; it is of our origin, which is the one
//! that a preview's agent key allows.

mod frame;

use leptos::html;

use crate::prelude::*;
use crate::state::words;
use frame::Widget;

/// Whose screen it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// A corner of a wide one.
    #[default]
    Desktop,
    /// A narrow one, where the panel fills it.
    Phone,
}

/// An option of the widget's `init` and its value.
pub type WidgetOption = (&'static str, String);

/// The frame. It shows nothing until there is an agent key, and makes the widget anew when that changes.
#[component]
pub fn Preview(
    /// The agent key, of a preview.
    #[prop(into)]
    agent_key: Signal<Option<String>>,
    /// What the page would pass; an empty value is not passed.
    #[prop(optional, into)]
    options: Signal<Vec<WidgetOption>>,
    /// Whose screen it is.
    #[prop(optional, into)]
    screen: Signal<Screen>,
    /// Called with the conversation whenever a message is complete.
    #[prop(optional, into)]
    on_message: Option<Callback<String>>,
) -> impl IntoView {
    let node: NodeRef<html::Iframe> = NodeRef::new();
    let widget = StoredValue::new_local(None::<Widget>);
    let is_loaded = RwSignal::new(false);
    Effect::new(move |before: Option<(Option<String>, Screen)>| {
        let (key, screen, options) = (agent_key.get(), screen.get(), options.get());
        let Some(element) = node.get().filter(|_| is_loaded.get()) else {
            return (None, screen);
        };
        let wanted = (key.clone(), screen);
        let Some(key) = key else { return wanted };
        let is_same = before.as_ref() == Some(&wanted);
        let is_updated =
            is_same && widget.with_value(|widget| widget.as_ref().is_some_and(|widget| widget.update(&options)));
        if !is_updated {
            // One that is there goes before another comes.
            widget.set_value(None);
            widget.set_value(Widget::mount(&element, key, &options, on_message));
        }
        wanted
    });
    on_cleanup(move || {
        widget.try_set_value(None);
    });
    let class = move || match screen.get() {
        Screen::Desktop => "frame desktop",
        Screen::Phone => "frame phone",
    };
    view! {
        <div class=class>
            <iframe node_ref=node title=words().general.preview on:load=move |_| is_loaded.set(true)></iframe>
            {move || {
                agent_key.with(Option::is_none).then(|| view! { <p class="quiet">{words().general.loading}</p> })
            }}
        </div>
    }
}
