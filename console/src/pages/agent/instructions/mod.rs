//! What an agent is told and which model answers: as a form, and as YAML beside it. Both are the same configuration: what
//! is typed on one side goes through the server's own check and comes back as the other side.

mod model;
mod yaml;

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use super::Desk;
use super::put;
use crate::api::client::Body;
use crate::api::types::Finding;
use crate::api::{self};
use crate::form::{self, Field};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::{Button, Card, Kind, TextArea, TextField};

/// How long somebody has to pause before what they type is looked at.
const PAUSE: Duration = Duration::from_millis(350);

/// The configuration while it is worked on. A handle.
#[derive(Clone, Copy)]
struct Draft {
    /// What both sides show.
    config: RwSignal<Value>,
    /// The right side.
    yaml: RwSignal<String>,
    /// What is wrong or odd with it.
    errors: RwSignal<Vec<Finding>>,
    warnings: RwSignal<Vec<Finding>>,
    /// The fields of the left side, in the order of `Field::ALL`.
    fields: [RwSignal<String>; 6],
    /// Whether the right side was typed last, and has not been understood yet.
    is_yaml_ahead: RwSignal<bool>,
    pause: StoredValue<Option<TimeoutHandle>>,
    round: StoredValue<u32>,
}

impl Draft {
    fn new(config: &Value) -> Self {
        Self {
            config: RwSignal::new(config.clone()),
            yaml: RwSignal::new(String::new()),
            errors: RwSignal::new(Vec::new()),
            warnings: RwSignal::new(Vec::new()),
            fields: Field::ALL.map(|field| RwSignal::new(form::read(config, field))),
            is_yaml_ahead: RwSignal::new(false),
            pause: StoredValue::new(None),
            round: StoredValue::new(0),
        }
    }

    fn field(self, field: Field) -> RwSignal<String> {
        let index = Field::ALL.iter().position(|own| *own == field).unwrap_or(0);
        self.fields[index]
    }

    /// What the server says about one field.
    fn error_of(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let path = self.config.with(|config| field.path(config));
            self.errors.with(|errors| {
                let found = errors.iter().find(|finding| finding.field == path);
                found.map(|finding| finding.message.clone())
            })
        })
    }

    /// Looks at something once nothing has been typed for a moment.
    fn after_pause(self, look: impl Fn() + 'static) {
        self.pause.update_value(|pause| {
            if let Some(waiting) = pause.take() {
                waiting.clear();
            }
            *pause = set_timeout_with_handle(look, PAUSE).ok();
        });
    }

    /// The left side was changed: the right side follows.
    fn look_at_form(self) {
        let config = self.config.get_untracked();
        self.check(Body::json(&config), false);
    }

    /// The right side was changed: the left side follows.
    fn look_at_yaml(self) {
        self.check(Body::Yaml(self.yaml.get_untracked()), true);
    }

    fn check(self, body: Body, is_yaml: bool) {
        let round = self.round.get_value() + 1;
        self.round.set_value(round);
        spawn_local(async move {
            let answer = api::check_config(body).await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            match answer {
                Ok(checked) => {
                    self.errors.set(checked.errors);
                    self.warnings.set(checked.warnings);
                    if is_yaml {
                        if let Some(config) = checked.config {
                            self.take(config);
                            self.is_yaml_ahead.set(false);
                        }
                    } else if let Some(yaml) = checked.yaml {
                        self.yaml.set(yaml);
                    }
                }
                Err(failure) if failure.fields.is_empty() && failure.status != 400 => state().complain(&failure),
                // A text that is no YAML at all.
                Err(failure) => {
                    let mut errors: Vec<Finding> = failure.fields.into_iter().map(Finding::from).collect();
                    if errors.is_empty() {
                        let line = line_in(&failure.message);
                        errors.push(Finding {
                            field: String::new(),
                            message: failure.message,
                            line,
                        });
                    }
                    self.errors.set(errors);
                }
            }
        });
    }

    /// Another configuration: every field shows its part of it.
    fn take(self, config: Value) {
        for (field, signal) in Field::ALL.into_iter().zip(self.fields) {
            let text = form::read(&config, field);
            if signal.with_untracked(|own| *own != text) {
                signal.set(text);
            }
        }
        self.config.set(config);
    }
}

/// `.. at line 3 ..` in what a reader of YAML says.
fn line_in(message: &str) -> Option<u32> {
    let (_, after) = message.split_once("line ")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The tab.
pub(super) fn instructions(desk: Desk) -> impl IntoView {
    let words = words();
    let saved = RwSignal::new(desk.agent_now().system_config);
    let draft = Draft::new(&saved.get_untracked());
    draft.look_at_form();
    // The form writes into the configuration, but not what the configuration has just written into the form.
    for (field, signal) in Field::ALL.into_iter().zip(draft.fields) {
        Effect::new(move |before: Option<()>| {
            let text = signal.get();
            let is_typed = before.is_some() && draft.config.with_untracked(|config| form::read(config, field) != text);
            if is_typed {
                draft.config.update(|config| form::write(config, field, &text));
                draft.after_pause(move || draft.look_at_form());
            }
        });
    }
    let is_busy = RwSignal::new(false);
    let is_changed = Memo::new(move |_| {
        draft.is_yaml_ahead.get() || draft.config.with(|config| saved.with(|saved| config != saved))
    });
    let save = move || {
        is_busy.set(true);
        spawn_local(async move {
            let config = draft.config.get_untracked();
            let change = saved.with_untracked(|saved| form::patch(saved, &config));
            match put(desk, json!({ "system_config": change })).await {
                Ok(()) => {
                    let config = desk.agent_now().system_config;
                    saved.try_set(config.clone());
                    draft.take(config);
                    draft.look_at_form();
                    state().say(words.general.saved);
                }
                Err(failure) => {
                    draft
                        .errors
                        .try_set(failure.fields.iter().cloned().map(Finding::from).collect());
                    state().complain(&failure);
                }
            }
            is_busy.try_set(false);
        });
    };
    let discard = move || {
        draft.take(saved.get_untracked());
        draft.is_yaml_ahead.set(false);
        draft.look_at_form();
    };
    view! {
        <div class="halves wide">
            <Card title=words.instructions.form about=words.instructions.form_about>
                {fields(draft)}
            </Card>
            {yaml::yaml(draft)}
        </div>
        {move || {
            (is_changed.get() && state().may_change())
                .then(|| {
                    let is_off = Signal::derive(move || {
                        draft.is_yaml_ahead.get() || draft.errors.with(|errors| !errors.is_empty())
                    });
                    view! {
                        <div class="save-bar" role="region" aria-label=words.general.save>
                            <p class="quiet">{words.instructions.unsaved}</p>
                            <Button label=words.general.discard kind=Kind::Quiet on_press=discard />
                            <Button
                                label=words.instructions.save
                                kind=Kind::Primary
                                is_busy=is_busy
                                is_off=is_off
                                on_press=save
                            />
                        </div>
                    }
                })
        }}
    }
}

fn fields(draft: Draft) -> impl IntoView {
    let words = words();
    let is_fixed = Signal::derive(|| !state().may_change());
    view! {
        <div class="stack">
            <TextField
                label=words.instructions.name
                value=draft.field(Field::Name)
                error=draft.error_of(Field::Name)
                is_fixed=is_fixed
            />
            <TextArea
                label=words.instructions.prompt
                value=draft.field(Field::Prompt)
                hint=words.instructions.prompt_hint
                error=draft.error_of(Field::Prompt)
                rows=12
                is_fixed=is_fixed
            />
            {model::model(draft)}
            <div class="halves">
                <TextField
                    label=words.instructions.temperature
                    value=draft.field(Field::Temperature)
                    hint=words.instructions.temperature_hint
                    error=draft.error_of(Field::Temperature)
                    is_fixed=is_fixed
                />
                <TextField
                    label=words.instructions.max_tokens
                    value=draft.field(Field::MaxTokens)
                    hint=words.instructions.max_tokens_hint
                    error=draft.error_of(Field::MaxTokens)
                    is_fixed=is_fixed
                />
            </div>
            <TextField
                label=words.instructions.description
                value=draft.field(Field::Description)
                hint=words.instructions.description_hint
                error=draft.error_of(Field::Description)
                is_fixed=is_fixed
            />
        </div>
    }
}
