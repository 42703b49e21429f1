//! stub
use crate::store::Store;
use atthene_protocol::ids::*;
use std::sync::Arc;
/// s
pub struct AgentKnowledge {
    /// s
    pub store: Arc<dyn Store>,
    /// s
    pub workspace: WorkspaceId,
    /// s
    pub agent: AgentId,
    /// s
    pub bases: Vec<String>,
}
#[async_trait::async_trait]
impl crate::runner::Knowledge for AgentKnowledge {
    async fn search(&self, _: &str, _: u32) -> Vec<crate::model::knowledge::Found> {
        vec![]
    }
}
