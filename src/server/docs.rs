//! The documentation pages.

/// Placeholder until the pages are merged.
pub fn routes(_: std::sync::Arc<serde_json::Value>, _: std::sync::Arc<serde_json::Value>) -> poem::Route {
    poem::Route::new()
}
