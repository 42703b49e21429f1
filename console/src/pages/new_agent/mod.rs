//! A new agent: a name, a template, one website; then straight to the lines that are pasted.

mod templates;

use serde_json::json;

use crate::api::types::NewAgent;
use crate::api::{self, Failure};
use crate::origin::{Entry, look};
use crate::prelude::*;
use crate::route::{Route, Tab};
use crate::state::late_words as words;
use crate::state::state;
use crate::view::{Card, Form, Mistakes, PageHead, SendButton, Sending, TextField};
use templates::Template;

/// The page.
pub fn new_agent() -> impl IntoView {
    let words = words();
    let name = RwSignal::new(String::new());
    let website = RwSignal::new(String::new());
    let template = RwSignal::new(Template::QuickStart);
    let sending = Sending::default();
    let send = move || {
        let named = name.get_untracked().trim().to_owned();
        let site = website.get_untracked().trim().to_owned();
        let wrong = Mistakes::default()
            .note(named.is_empty(), "name", words.new_agent.no_name)
            .at("website", site_error(&site));
        sending.send(wrong, async move {
            let made = make(named, site, template.get_untracked()).await;
            let key = made.map_err(refused)?;
            state().go(Route::Agent(key, Tab::Embed));
            Ok(())
        });
    };
    view! {
        <PageHead title=words.agents.new above=(words.agents.title, Route::Agents) />
        <Form class="stack narrow" on_send=send>
            <Card title=words.new_agent.template>{choices(template)}</Card>
            <Card title=words.new_agent.basics>
                <div class="stack">
                    <TextField
                        label=words.new_agent.name
                        value=name
                        hint=words.new_agent.name_hint
                        error=sending.wrong_at("name")
                        placeholder=words.new_agent.name_example
                    />
                    <TextField
                        label=words.new_agent.website
                        value=website
                        hint=words.new_agent.website_hint
                        error=sending.wrong_at("website")
                        placeholder="https://shop.example"
                        is_mono=true
                    />
                </div>
            </Card>
            <div class="row">
                <SendButton label=words.new_agent.make sending=sending />
                <a class="btn quiet-btn" href=Route::Agents.path()>{words.general.cancel}</a>
            </div>
        </Form>
    }
}

/// What the server refused, at the fields of this form.
fn refused(failure: Failure) -> Mistakes {
    state().complain(&failure);
    let of_name = failure.of_field("system_config.name").or(failure.of_field("name"));
    Mistakes::default()
        .at("name", of_name)
        .at("website", failure.of_field("allowed_origins[0]"))
}

/// What is wrong with the website, and what would be right.
fn site_error(site: &str) -> Option<String> {
    let words = words();
    match look(site) {
        _ if site.is_empty() => None,
        Entry::Wrong(_, Some(right)) => Some(crate::text::fill(words.new_agent.website_right, &[&right])),
        Entry::Wrong(_, None) => Some(words.new_agent.website_wrong.to_owned()),
        Entry::Fine | Entry::AnySubdomain(_) => None,
    }
}

/// Makes the agent. It is public where a website was named: who names one wants it to work there.
async fn make(name: String, site: String, template: Template) -> Result<String, Failure> {
    let is_public = !site.is_empty();
    let new = NewAgent {
        system_config: template.config(&name),
        widget: template.widget(&name),
        is_public,
    };
    let agent = api::create_agent(&new).await?;
    if is_public {
        let origins = json!({ "allowed_origins": [site] });
        if let Err(failure) = api::change_agent(&agent.agent_key, &origins).await {
            // It is there all the same; what its list lacks is said on the page that comes.
            state().complain(&failure);
        }
    }
    Ok(agent.agent_key)
}

fn choices(chosen: RwSignal<Template>) -> impl IntoView {
    let choice = move |template: Template| {
        let (name, about) = template.words(words().new_agent);
        view! {
            <label class="template">
                <input
                    type="radio"
                    name="template"
                    prop:checked=move || chosen.get() == template
                    on:change=move |_| chosen.set(template)
                />
                <span>
                    <b>{name}</b>
                    <span class="quiet">{about}</span>
                </span>
            </label>
        }
    };
    view! {
        <div class="templates" role="radiogroup" aria-label=words().new_agent.template>
            {Template::ALL.map(choice).into_iter().collect_view()}
        </div>
    }
}
