//! The pages that are not needed first: all but the list of agents and the way in. Their code and their words are a second
//! WASM file, which is fetched when one of them is opened (docs/decisions/0012-console-size.md). The build cuts at
//! [`late_part`]: what only that function leads to is in the second file.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::api::Failure;
use crate::pages::{agent, audit, conversations, keys, new_agent, not_found, settings, traces, usage};
use crate::route::Route;
use crate::view::{remote, shown};

/// Makes the page of an address.
type Open = fn(Route) -> AnyView;

/// The page of an address that is not needed first: grey lines until the second file is here, what failed with a way to
/// try again. Once the file is here, the page follows at once.
pub fn page(route: Route) -> AnyView {
    let open = remote(|| async { late_part().await.map_err(|_| Failure::default()) });
    shown(open, move |open| open(route.clone())).into_any()
}

/// The one way into the second file.
#[wasm_split(late, wasm_split_path = leptos::wasm_split, fallible)]
fn late_part() -> Result<Open, SplitLoaderError> {
    Ok(open)
}

fn open(route: Route) -> AnyView {
    match route {
        Route::NewAgent => new_agent::new_agent().into_any(),
        Route::Agent(key, _) => agent::agent(key).into_any(),
        Route::Conversations => conversations::list().into_any(),
        Route::Conversation(id) => conversations::conversation(id).into_any(),
        Route::ConversationTraces(id) => traces::list(Some(id)).into_any(),
        Route::Traces => traces::list(None).into_any(),
        Route::Trace(run) => traces::trace(run).into_any(),
        Route::Usage => usage::usage().into_any(),
        Route::ApiKeys => keys::keys().into_any(),
        Route::Audit => audit::audit().into_any(),
        Route::Settings(facet) => settings::settings(facet).into_any(),
        Route::Setup | Route::Invite | Route::Agents | Route::Unknown => not_found().into_any(),
    }
}
