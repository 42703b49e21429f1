//! The hash of a configuration: the same for the same meaning, whatever the order of keys, blanks, YAML or JSON.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// SHA-256 of the canonical JSON (RFC 8785) of a normalised configuration, hex.
pub fn config_hash(system_config: &Value) -> String {
    // A tree of texts, finite numbers, lists and maps with text keys always serialises; `to_string` is never needed.
    let canonical =
        serde_json_canonicalizer::to_vec(system_config).unwrap_or_else(|_| system_config.to_string().into_bytes());
    hex(&Sha256::digest(&canonical))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
