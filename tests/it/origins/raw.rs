//! A client that sends the bytes it is given and repairs nothing: an Origin header may hold anything here.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One connection, used again while the server allows it.
pub(super) struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

/// What the server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    /// All values of a header.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(other, _)| other == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// Whether the answer varies by Origin.
    pub(super) fn varies_by_origin(&self) -> bool {
        let mut names = self.all("vary").into_iter().flat_map(|value| value.split(','));
        names.any(|name| name.trim().eq_ignore_ascii_case("origin"))
    }

    /// The stable code of an error, or nothing.
    pub(super) fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Connection {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends a request with these Origin lines and an empty JSON object, and reads the whole answer.
    pub(super) fn ask(&mut self, method: &str, path: &str, origins: &[&[u8]], extra: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n{extra}", self.address).into_bytes();
        for origin in origins {
            request.extend_from_slice(b"origin: ");
            request.extend_from_slice(origin);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"content-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
        let mut stream = self.stream.take().unwrap_or_else(|| {
            let stream = TcpStream::connect(self.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            BufReader::new(stream)
        });
        stream.get_mut().write_all(&request).unwrap();
        let answer = read_answer(&mut stream, method);
        let stays_open = ![101, 400].contains(&answer.status) && !answer.all("connection").contains(&"close");
        self.stream = stays_open.then_some(stream);
        answer
    }
}

fn read_answer(stream: &mut BufReader<TcpStream>, method: &str) -> Answer {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).expect("a status line").parse().unwrap();
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer {
        status,
        headers,
        body: String::new(),
    };
    let length: usize = answer
        .all("content-length")
        .first()
        .map_or(0, |length| length.parse().unwrap());
    if method != "HEAD" {
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        answer.body = String::from_utf8(body).unwrap();
    }
    answer
}
