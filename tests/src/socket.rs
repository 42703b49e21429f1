//! A client of the socket `/ws/amas`, over a real connection.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::Request;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::sse::SseEvent;

/// How long a test waits for a frame that must come.
const PATIENCE: Duration = Duration::from_secs(15);

/// One open socket.
pub struct TestSocket {
    stream: WebSocketStream<TcpStream>,
}

/// What the server said.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A frame.
    Frame(Value),
    /// A ping, which the client answers by itself.
    Ping,
    /// It closed with this code.
    Closed(u16),
    /// The connection ended without a close frame.
    Cut,
}

impl TestSocket {
    /// A page of this origin opens one.
    pub async fn open(address: SocketAddr, agent_key: &str, origin: &str) -> Self {
        Self::open_with(address, &format!("?agent_key={agent_key}"), &[("origin", origin)]).await
    }

    /// Opens one with this query and these headers.
    pub async fn open_with(address: SocketAddr, query: &str, headers: &[(&str, &str)]) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let request = Request::get(format!("ws://{address}/ws/amas{query}"))
            .header("host", address.to_string())
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", generate_key());
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        let (stream, _) = client_async(request.body(()).unwrap(), stream).await.unwrap();
        Self { stream }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) {
        self.send_text(&frame.to_string()).await;
    }

    /// Sends a text.
    pub async fn send_text(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// Starts a visitor's session after a number; gives `session.ready`.
    pub async fn start(&mut self, token: &str, after: u64) -> Value {
        self.send(&json!({ "type": "session.start", "token": token, "after": after }))
            .await;
        let ready = self.frame().await;
        assert_eq!(ready["type"], "session.ready", "{ready}");
        ready
    }

    /// Sends a message.
    pub async fn say(&mut self, client_id: &str, content: &str) {
        self.send(&json!({ "type": "message.send", "client_id": client_id, "content": content }))
            .await;
    }

    /// The next thing.
    pub async fn hear(&mut self) -> Heard {
        let next = timeout(PATIENCE, self.stream.next()).await.expect("a frame in time");
        match next {
            Some(Ok(Message::Text(text))) => Heard::Frame(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(frame))) => Heard::Closed(frame.map_or(1005, |frame| frame.code.into())),
            Some(Ok(Message::Ping(_))) => Heard::Ping,
            Some(Ok(other)) => panic!("{other:?}"),
            Some(Err(_)) | None => Heard::Cut,
        }
    }

    /// The next frame.
    pub async fn frame(&mut self) -> Value {
        loop {
            match self.hear().await {
                Heard::Frame(frame) => return frame,
                Heard::Ping => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The frames up to and with the first of this type.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.frame().await;
            let is_last = frame["type"] == kind;
            frames.push(frame);
            if is_last {
                return frames;
            }
        }
    }

    /// The events up to and with the first of this type of AG-UI; other frames are passed over.
    pub async fn until_event(&mut self, kind: &str) -> Vec<SseEvent> {
        let mut events = Vec::new();
        loop {
            let mut frame = self.frame().await;
            if frame["type"] != "event" {
                continue;
            }
            let event = SseEvent {
                seq: frame["seq"].as_u64(),
                name: None,
                data: frame["event"].take(),
            };
            let is_last = event.kind() == kind;
            events.push(event);
            if is_last {
                return events;
            }
        }
    }

    /// The frames until the socket ends, and its code.
    pub async fn until_closed(&mut self) -> (Vec<Value>, u16) {
        let mut frames = Vec::new();
        loop {
            match self.hear().await {
                Heard::Frame(frame) => frames.push(frame),
                Heard::Ping => {}
                Heard::Closed(code) => return (frames, code),
                Heard::Cut => panic!("cut off after {frames:#?}"),
            }
        }
    }

    /// Closes in order.
    pub async fn close(mut self) {
        self.stream.close(None).await.unwrap();
        while self.stream.next().await.is_some_and(|message| message.is_ok()) {}
    }
}
