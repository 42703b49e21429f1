//! A preview: an agent key for an hour, under which one page tries a configuration before pages of customers get it.

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_protocol::widget::WidgetSettings;
use serde_json::Value;

use super::time::Timestamp;

/// An agent key for an hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// `prev_...`.
    pub agent_key: String,
    /// The owner.
    pub workspace: WorkspaceId,
    /// The agent; sessions are its own.
    pub agent_id: AgentId,
    /// The one origin that may use it.
    pub origin: String,
    /// The hash of the configuration.
    pub config_hash: String,
    /// The normalised configuration, a draft's or a version's.
    pub system_config: Value,
    /// How the widget looks in it.
    pub widget: WidgetSettings,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}
