//! Which stored encoding a request takes (RFC 9110, 12.5.3), and making the two we have. No streaming compression.

use std::io::Write;

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;

/// How a body is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Encoding {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What a request takes, the smallest first; `Identity` always ends it.
    pub fn accepted(headers: &HeaderMap) -> impl Iterator<Item = Self> + use<> {
        let lines: Vec<String> = headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .map(str::to_ascii_lowercase)
            .collect();
        let takes = [Self::Brotli, Self::Gzip]
            .into_iter()
            .filter(move |encoding| is_accepted(&lines, encoding.name()));
        takes.chain([Self::Identity])
    }
}

/// Named with a weight above 0, or not named and covered by `*`.
fn is_accepted(lines: &[String], name: &str) -> bool {
    let mut by_star = false;
    for item in lines.iter().flat_map(|line| line.split(',')) {
        let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
        let coding = coding.trim();
        if coding == name || (name == "gzip" && coding == "x-gzip") {
            return weight(parameters) > 0.0;
        }
        if coding == "*" {
            by_star = weight(parameters) > 0.0;
        }
    }
    by_star
}

fn weight(parameters: &str) -> f32 {
    let weight = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("q="));
    weight.map_or(1.0, |text| text.trim().parse().unwrap_or(0.0))
}

/// Brotli at its best; `None` if it would not get smaller.
pub(super) fn to_brotli(data: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, BROTLI_QUALITY, BROTLI_WINDOW);
        writer.write_all(data).ok()?;
    }
    (packed.len() < data.len()).then_some(packed)
}

/// Gzip at its best; `None` if it would not get smaller.
pub(super) fn to_gzip(data: &[u8]) -> Option<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(data).ok()?;
    writer.finish().ok().filter(|packed| packed.len() < data.len())
}
