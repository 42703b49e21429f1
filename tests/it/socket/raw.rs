//! A client that sends the bytes it is given: requests that are no good handshake, frames that break the rules.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// The mask of every frame of ours.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
pub(super) const CONTINUE: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// The headers of a good handshake, without Host and Origin.
pub(super) const HANDSHAKE: &str = "connection: keep-alive, Upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A connection.
pub(super) struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

/// The head of an answer, and its body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    /// The stable code of an error.
    pub(super) fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// A frame of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) opcode: u8,
    pub(super) is_last: bool,
    pub(super) payload: Vec<u8>,
}

impl Raw {
    /// Sends a request and reads the answer.
    pub(super) fn request(address: SocketAddr, line: &str, headers: &str) -> (Self, Answer) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
            .write_all(format!("{line}\r\nhost: {address}\r\n{headers}\r\n").as_bytes())
            .unwrap();
        let mut raw = Self {
            stream,
            read: Vec::new(),
        };
        let end = loop {
            if let Some(at) = raw.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(raw.fill(), "no answer: {}", String::from_utf8_lossy(&raw.read));
        };
        let head = String::from_utf8(raw.read.drain(..end).collect()).unwrap();
        let mut answer = Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body: String::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        while raw.read.len() < length {
            assert!(raw.fill());
        }
        answer.body = String::from_utf8(raw.read.drain(..length).collect()).unwrap();
        (raw, answer)
    }

    /// A socket of a page that the gate lets in.
    pub(super) fn open(address: SocketAddr) -> Self {
        let headers = format!("origin: https://shop.example\r\n{HANDSHAKE}");
        let (raw, answer) = Self::request(address, "GET /ws/amas?agent_key=shop HTTP/1.1", &headers);
        assert_eq!(answer.status, 101, "{answer:?}");
        raw
    }

    /// Sends bytes; a server that has hung up meanwhile is no mistake.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Sends bytes one by one.
    pub(super) fn drip(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.send(&[*byte]);
        }
    }

    /// The next frame; none at the end of the connection.
    pub(super) fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, len)) = parse(&self.read) {
                self.read.drain(..len);
                return Some(frame);
            }
            if !self.fill() {
                assert!(self.read.is_empty(), "half a frame: {:?}", self.read);
                return None;
            }
        }
    }

    /// Every frame until the server closes the connection, without a word more from here.
    pub(super) fn rest(&mut self) -> Vec<Frame> {
        std::iter::from_fn(|| self.frame()).collect()
    }

    /// No more bytes from here.
    pub(super) fn shut(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    fn fill(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.stream.read(&mut bytes) {
            Ok(0) => false,
            Ok(read) => {
                self.read.extend_from_slice(&bytes[..read]);
                true
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("the server says nothing: {error}"),
        }
    }
}

/// A frame of a client: `first` is FIN, the reserved bits and the opcode.
pub(super) fn frame_of(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    bytes.extend(length(0x80, payload.len()));
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// The same without a mask.
pub(super) fn bare_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    bytes.extend(length(0, payload.len()));
    bytes.extend(payload);
    bytes
}

/// A whole frame with this opcode.
pub(super) fn whole(opcode: u8, payload: &[u8]) -> Vec<u8> {
    frame_of(0x80 | opcode, payload)
}

/// A frame with this opcode that another one goes on.
pub(super) fn part(opcode: u8, payload: &[u8]) -> Vec<u8> {
    frame_of(opcode, payload)
}

/// A close frame with a code and a reason.
pub(super) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    whole(CLOSE, &[code.to_be_bytes().as_slice(), reason].concat())
}

fn length(mask_bit: u8, len: usize) -> Vec<u8> {
    match len {
        0..=125 => vec![mask_bit | u8::try_from(len).unwrap()],
        126..=0xffff => [vec![mask_bit | 126], u16::try_from(len).unwrap().to_be_bytes().to_vec()].concat(),
        _ => [vec![mask_bit | 127], (len as u64).to_be_bytes().to_vec()].concat(),
    }
}

/// The first frame in these bytes and how many it takes.
fn parse(bytes: &[u8]) -> Option<(Frame, usize)> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    assert_eq!(first & 0x70, 0, "a reserved bit of the server");
    assert_eq!(second & 0x80, 0, "a server does not mask");
    let (start, len) = match second {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().unwrap()))),
        127 => (
            10,
            usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().unwrap())).unwrap(),
        ),
        short => (2, usize::from(short)),
    };
    let frame = Frame {
        opcode: first & 0x0f,
        is_last: first & 0x80 != 0,
        payload: bytes.get(start..start + len)?.to_vec(),
    };
    Some((frame, start + len))
}
