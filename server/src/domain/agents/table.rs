//! stub
use crate::{
    domain::origins::OriginSet,
    model::agent::Agent,
    store::{Store, StoreResult},
};
use std::sync::Arc;
/// s
#[derive(Debug)]
pub struct GateEntry {
    /// s
    pub agent: Agent,
    /// s
    pub origins: OriginSet,
}
/// s
pub struct GateTable {
    tx: tokio::sync::watch::Sender<u64>,
}
impl GateTable {
    /// s
    pub async fn load(_: &dyn Store) -> StoreResult<Self> {
        Ok(Self {
            tx: tokio::sync::watch::Sender::new(0),
        })
    }
    /// s
    pub fn find(&self, _: &str) -> Option<Arc<GateEntry>> {
        None
    }
    /// s
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<u64> {
        self.tx.subscribe()
    }
    /// s
    pub async fn follow(self: Arc<Self>, _: Arc<dyn Store>, _: tokio_util::sync::CancellationToken) {}
}
