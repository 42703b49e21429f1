//! What every page and part begins with: Leptos, with a `view!` of our own.

pub(crate) use leptos::prelude::*;

/// Leptos' own, with the type of what it makes left out. Each piece of markup has a type of its own there, which goes into
/// the type of whatever holds it, and every function that handles it is compiled for each: without, there is one for all.
macro_rules! view {
    ($($markup:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::prelude::view! { $($markup)* })
    };
}

pub(crate) use view;
