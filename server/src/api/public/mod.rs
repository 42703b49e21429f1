//! The visitor routes, `/public/v1/agents/{agent_key}/...`: the widget's own REST. The gate has spoken before any of
//! these handlers runs.

pub mod events;
pub mod feedback;
pub mod messages;
pub mod openapi;
pub mod sessions;
pub mod settings;
pub mod turns;

use atthene_protocol::widget::WidgetSettings;

use crate::domain::gate::Admission;
use crate::state::AppState;

/// What the widget is told of an agent: its looks, its words and the limits; never prompts, tools or origins.
fn widget_settings(state: &AppState, admission: &Admission) -> WidgetSettings {
    let agent = &admission.entry.agent;
    WidgetSettings {
        max_message_chars: Some(state.limits.message_chars(agent)),
        ..agent.widget.clone()
    }
}
