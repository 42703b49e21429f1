//! The widget's settings: what an agent may set, under the option names of the page's `init`.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// What `GET /public/v1/agents/{agent_key}` answers and what an agent's `widget` holds. Absent = the widget's default.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "serde", serde(default, rename_all = "camelCase", deny_unknown_fields))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WidgetSettings {
    /// `bottom-right` or `bottom-left`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub position: Option<String>,
    /// `light`, `dark` or `auto`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub theme: Option<String>,
    /// A colour, `#rgb` or `#rrggbb`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub primary_color: Option<String>,
    /// The assistant's first words.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub welcome_message: Option<String>,
    /// The hint in the empty composer.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub placeholder: Option<String>,
    /// The panel's title.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub title: Option<String>,
    /// The line under the title.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub subtitle: Option<String>,
    /// The address of an image.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub avatar: Option<String>,
    /// Questions to start with.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub starter_prompts: Option<Vec<String>>,
    /// The longest text of one message, in Unicode characters.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub max_message_chars: Option<u32>,
}
