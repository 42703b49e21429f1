//! stub
/// s
pub struct Assets;
impl Assets {
    /// s
    pub fn load(_: &str) -> Self {
        Self
    }
    /// s
    pub fn respond(&self, _: &str, _: &http::HeaderMap) -> axum::response::Response {
        axum::response::Response::default()
    }
}
