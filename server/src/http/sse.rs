//! Server-sent events (WHATWG HTML, section 9.2), as bytes.

use bytes::Bytes;

/// A comment that keeps proxies from closing a silent stream.
pub const COMMENT: &[u8] = b": ping\n\n";

/// One event: its number, if it may be resumed after, and one line of JSON.
pub fn event(seq: Option<u64>, json: &str) -> Bytes {
    let mut frame = String::with_capacity(json.len() + 40);
    push_event(&mut frame, seq, json);
    Bytes::from(frame)
}

/// The same behind others.
pub fn push_event(frames: &mut String, seq: Option<u64>, json: &str) {
    if let Some(seq) = seq {
        frames.push_str("id: ");
        frames.push_str(&seq.to_string());
        frames.push('\n');
    }
    frames.push_str("data: ");
    frames.push_str(json);
    frames.push_str("\n\n");
}

/// The last event of a stream that ends before its reader wants it to: `closed` or `reconnect`, with a code of the socket.
pub fn last(name: &str, code: u16, after_ms: u64) -> Bytes {
    Bytes::from(format!(
        "event: {name}\ndata: {{\"code\":{code},\"after_ms\":{after_ms}}}\n\n"
    ))
}
