//! One agent: its head, and under it one of its tabs.

mod access;
mod appearance;
mod embed;
mod figures;
mod instructions;
mod knowledge;
mod live;
mod overview;
mod playground;
mod versions;

use serde_json::Value;

use crate::api::types::Agent;
use crate::api::{self, Failure};
use crate::prelude::*;
use crate::route::{Route, Tab};
use crate::state::late_words as words;
use crate::state::state;
use crate::view::status::{failed, skeleton};
use crate::view::{Empty, Icon, Loaded, PageHead, Remote, Tabs, Tone, icon, pill, remote};

/// The agent that all tabs work on. A handle: copies are the same agent.
#[derive(Clone, Copy)]
struct Desk {
    key: StoredValue<String>,
    agent: Remote<Agent>,
}

impl Desk {
    fn key(self) -> String {
        self.key.get_value()
    }

    /// The agent as it is now; tracked.
    fn agent(self) -> Agent {
        self.agent.value().unwrap_or_default()
    }

    /// The same, as of this moment.
    fn agent_now(self) -> Agent {
        untrack(|| self.agent())
    }

    fn route(self, tab: Tab) -> Route {
        Route::Agent(self.key(), tab)
    }
}

/// What has become of the agent.
#[derive(Clone, PartialEq)]
enum Kind {
    Waiting,
    Ready,
    Failed(Failure),
}

/// The page.
pub fn agent(key: String) -> impl IntoView {
    let asked = key.clone();
    let agent = remote(move || {
        let key = asked.clone();
        async move { api::find_agent(&key).await }
    });
    let desk = Desk {
        key: StoredValue::new(key),
        agent,
    };
    let kind = Memo::new(move |_| match agent.read() {
        Loaded::Waiting => Kind::Waiting,
        Loaded::Ready(_) => Kind::Ready,
        Loaded::Failed(failure) => Kind::Failed(failure),
    });
    move || match kind.get() {
        Kind::Waiting => skeleton().into_any(),
        Kind::Ready => body(desk).into_any(),
        Kind::Failed(failure) if failure.status == 404 => gone().into_any(),
        Kind::Failed(failure) => failed(&failure, move || agent.restart()).into_any(),
    }
}

fn gone() -> impl IntoView {
    let words = words();
    view! {
        <div class="card">
            <Empty sign=Icon::Agent title=words.agent.gone text=words.general.not_found_text>
                <a class="btn" href=Route::Agents.path()>{words.agents.title}</a>
            </Empty>
        </div>
    }
}

fn body(desk: Desk) -> impl IntoView {
    let route = state().route;
    let tab = Memo::new(move |_| match route.get() {
        Route::Agent(_, tab) => tab,
        _ => Tab::Overview,
    });
    // The head shows these three; another change of the agent leaves it alone.
    let shown = Memo::new(move |_| {
        let agent = desk.agent();
        (agent.name, agent.is_public, agent.version_number)
    });
    let words = words();
    let tabs = Tab::IN_ROW.map(|tab| (words.agent.tab(tab), desk.route(tab)));
    view! {
        {move || {
            let (name, is_public, version) = shown.get();
            head(desk, name, is_public, version)
        }}
        <Tabs label=words.agent.tabs tabs=tabs.to_vec() here=route />
        {move || match tab.get() {
            Tab::Overview => overview::overview(desk).into_any(),
            Tab::Instructions => instructions::instructions(desk).into_any(),
            Tab::Knowledge => knowledge::knowledge(desk).into_any(),
            Tab::Access => access::access(desk).into_any(),
            Tab::Appearance => appearance::appearance(desk).into_any(),
            Tab::Embed => embed::embed(desk).into_any(),
            Tab::Versions => versions::versions(desk).into_any(),
            // A conversation is more than looking.
            Tab::Playground if !state().may_change() => overview::overview(desk).into_any(),
            Tab::Playground => playground::playground(desk).into_any(),
        }}
    }
}

fn head(desk: Desk, name: String, is_public: bool, version: u32) -> impl IntoView {
    let words = words();
    let access = if is_public {
        pill(words.agents.public, Tone::Good)
    } else {
        pill(words.agents.private, Tone::Plain)
    };
    let beside = view! {
        {access}
        <span class="key">{desk.key()}</span>
        <span class="quiet">{crate::text::fill(words.agent.version, &[&version.to_string()])}</span>
    };
    let actions = state().may_change().then(|| {
        view! {
            <a class="btn" href=desk.route(Tab::Playground).path()>
                {icon(Icon::Play)}
                {words.agent.open_playground}
            </a>
        }
    });
    view! {
        <PageHead
            title=name
            above=(words.agents.title, Route::Agents)
            beside=beside.into_any()
            actions=actions.into_any()
        />
    }
}

/// Sends a change and takes what the agent is then.
async fn put(desk: Desk, change: Value) -> Result<(), Failure> {
    let agent = api::change_agent(&desk.key(), &change).await?;
    desk.agent.put(agent);
    Ok(())
}
