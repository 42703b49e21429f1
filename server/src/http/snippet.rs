//! The lines that a site owner pastes into a page. Printed wherever an agent is shown.

/// The snippet of an agent. Both values are ours: an URL without quotes, and an agent key of plain letters.
pub fn snippet(public_url: &str, agent_key: &str) -> String {
    format!(
        "<script src=\"{public_url}/chat-widget.js\"></script>\n<script>AttheneChat.init({{ agentKey: '{agent_key}', position: 'bottom-right', theme: 'light' }});</script>"
    )
}
