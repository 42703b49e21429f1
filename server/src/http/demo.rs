//! stub
/// s
pub async fn start(
    _: &crate::config::Settings,
    _: &dyn crate::store::Store,
    _: &crate::state::AppState,
    _: tokio_util::sync::CancellationToken,
) -> anyhow::Result<()> {
    Ok(())
}
