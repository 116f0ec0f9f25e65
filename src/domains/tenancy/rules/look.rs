//! The look that a business begins with: quiet, readable, and its own to change.

use serde_json::{Value, json};

/// Colour of buttons and links; 5.4 to 1 against white.
pub const BRAND_COLOR: &str = "#0f766e";

/// Colour of what stands beside them.
pub const SECONDARY_COLOR: &str = "#334155";

/// `themes.theme_json` of version 1.
#[must_use]
pub fn default_theme() -> Value {
    json!({"background": "#ffffff", "text": "#0f172a", "muted": "#475569", "radius": "0.5rem", "font_family": "system-ui"})
}
