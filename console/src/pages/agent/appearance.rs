//! How the widget looks: a form, with the real widget live beside it.

use atthene_protocol::widget::WidgetSettings;
use leptos::task::spawn_local;
use serde_json::json;

use super::{Desk, live, put};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::preview::WidgetOption;
use crate::view::{Button, Card, Choice, Kind, SelectField, TextArea, TextField};

const DEFAULT_COLOUR: &str = "#0066ff";

/// The form. A handle.
#[derive(Clone, Copy)]
struct Look {
    title: RwSignal<String>,
    subtitle: RwSignal<String>,
    avatar: RwSignal<String>,
    colour: RwSignal<String>,
    theme: RwSignal<String>,
    position: RwSignal<String>,
    welcome: RwSignal<String>,
    placeholder: RwSignal<String>,
    /// One a line.
    starters: RwSignal<String>,
    longest: RwSignal<String>,
}

impl Look {
    fn new(widget: &WidgetSettings) -> Self {
        let text = |value: &Option<String>| RwSignal::new(value.clone().unwrap_or_default());
        let starters = widget.starter_prompts.clone().unwrap_or_default();
        Self {
            title: text(&widget.title),
            subtitle: text(&widget.subtitle),
            avatar: text(&widget.avatar),
            colour: text(&widget.primary_color),
            theme: text(&widget.theme),
            position: text(&widget.position),
            welcome: text(&widget.welcome_message),
            placeholder: text(&widget.placeholder),
            starters: RwSignal::new(starters.join("\n")),
            longest: RwSignal::new(
                widget
                    .max_message_chars
                    .map(|most| most.to_string())
                    .unwrap_or_default(),
            ),
        }
    }

    /// What the form holds; tracked. What is no number is left to the server to refuse.
    fn settings(self) -> WidgetSettings {
        let text = |signal: RwSignal<String>| {
            let text = signal.get();
            (!text.trim().is_empty()).then(|| text.trim().to_owned())
        };
        let starters: Vec<String> = crate::origin::entries(&self.starters.get());
        WidgetSettings {
            position: text(self.position),
            theme: text(self.theme),
            primary_color: text(self.colour),
            welcome_message: text(self.welcome),
            placeholder: text(self.placeholder),
            title: text(self.title),
            subtitle: text(self.subtitle),
            avatar: text(self.avatar),
            starter_prompts: (!starters.is_empty()).then_some(starters),
            max_message_chars: text(self.longest).and_then(|most| most.parse().ok()),
        }
    }

    fn options(self) -> Vec<WidgetOption> {
        vec![
            ("title", self.title.get()),
            ("subtitle", self.subtitle.get()),
            ("avatar", self.avatar.get()),
            ("primaryColor", self.colour.get()),
            ("theme", self.theme.get()),
            ("position", self.position.get()),
            ("welcomeMessage", self.welcome.get()),
            ("placeholder", self.placeholder.get()),
        ]
    }
}

/// The tab.
pub(super) fn appearance(desk: Desk) -> impl IntoView {
    let words = words();
    let saved = RwSignal::new(desk.agent_now().widget);
    let look = RwSignal::new(Look::new(&saved.get_untracked()));
    let wrong = RwSignal::new(Vec::<(String, String)>::new());
    let is_busy = RwSignal::new(false);
    let key = live::deployed_key(desk);
    let is_changed = Memo::new(move |_| look.get().settings() != saved.get());
    let save = move || {
        is_busy.set(true);
        spawn_local(async move {
            let wanted = look.get_untracked().settings();
            match put(desk, json!({ "widget": wanted })).await {
                Ok(()) => {
                    saved.try_set(desk.agent_now().widget);
                    wrong.try_set(Vec::new());
                    state().say(words.general.saved);
                }
                Err(failure) => {
                    let by_field = failure.fields.iter();
                    wrong.try_set(by_field.map(|one| (one.field.clone(), one.message.clone())).collect());
                    state().complain(&failure);
                }
            }
            is_busy.try_set(false);
        });
    };
    let options = Memo::new(move |_| look.get().options());
    view! {
        <div class="cols">
            <div class="stack">
                {move || form(look.get(), wrong)}
                {move || {
                    (is_changed.get() && state().may_change())
                        .then(|| {
                            view! {
                                <div class="save-bar" role="region" aria-label=words.general.save>
                                    <p class="quiet">{words.instructions.unsaved}</p>
                                    <Button
                                        label=words.general.discard
                                        kind=Kind::Quiet
                                        on_press=move || look.set(Look::new(&saved.get_untracked()))
                                    />
                                    <Button
                                        label=words.general.save
                                        kind=Kind::Primary
                                        is_busy=is_busy
                                        on_press=save
                                    />
                                </div>
                            }
                        })
                }}
            </div>
            {live::live(key, options.into())}
        </div>
    }
}

fn form(look: Look, wrong: RwSignal<Vec<(String, String)>>) -> impl IntoView {
    let words = words().appearance;
    let is_fixed = Signal::derive(|| !state().may_change());
    let at = move |field: &'static str| {
        Signal::derive(move || {
            wrong.with(|all| {
                let path = format!("widget.{field}");
                let found = all.iter().find(|(name, _)| *name == path || name == field);
                found.map(|(_, message)| message.clone())
            })
        })
    };
    let themes = vec![
        Choice::new("", words.theme_auto),
        Choice::new("light", words.theme_light),
        Choice::new("dark", words.theme_dark),
    ];
    let positions = vec![Choice::new("", words.right), Choice::new("bottom-left", words.left)];
    view! {
        <Card title=words.head about=words.head_about>
            <div class="stack">
                <div class="halves">
                    <TextField label=words.title value=look.title error=at("title") is_fixed=is_fixed />
                    <TextField label=words.subtitle value=look.subtitle error=at("subtitle") is_fixed=is_fixed />
                </div>
                <TextField
                    label=words.avatar
                    value=look.avatar
                    hint=words.avatar_hint
                    error=at("avatar")
                    kind="url"
                    is_fixed=is_fixed
                />
            </div>
        </Card>
        <Card title=words.colours>
            <div class="stack">
                {colour(look.colour, at("primaryColor"))}
                <div class="halves">
                    <SelectField label=words.theme value=look.theme choices=themes error=at("theme") />
                    <SelectField label=words.position value=look.position choices=positions error=at("position") />
                </div>
            </div>
        </Card>
        <Card title=words.texts>
            <div class="stack">
                <TextArea
                    label=words.welcome
                    value=look.welcome
                    error=at("welcomeMessage")
                    rows=2
                    is_fixed=is_fixed
                />
                <TextField label=words.placeholder value=look.placeholder error=at("placeholder") is_fixed=is_fixed />
                <TextArea
                    label=words.starters
                    value=look.starters
                    hint=words.starters_hint
                    error=at("starterPrompts")
                    rows=3
                    is_fixed=is_fixed
                />
                <TextField
                    label=words.longest
                    value=look.longest
                    hint=words.longest_hint
                    error=at("maxMessageChars")
                    is_fixed=is_fixed
                />
            </div>
        </Card>
    }
}

/// A colour as text and by the system's own chooser.
fn colour(value: RwSignal<String>, error: Signal<Option<String>>) -> impl IntoView {
    let words = words().appearance;
    view! {
        <div class="colour">
            <TextField
                label=words.colour
                value=value
                hint=words.colour_hint
                error=error
                is_mono=true
                placeholder=DEFAULT_COLOUR
            />
            <input
                type="color"
                aria-label=words.choose_colour
                prop:value=move || {
                    let own = value.get();
                    let is_long = own.len() == 7 && own.starts_with('#');
                    if is_long { own } else { DEFAULT_COLOUR.to_owned() }
                }
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
}
