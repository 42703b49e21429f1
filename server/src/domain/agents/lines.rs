//! On which line of a YAML text a field stands, so that what is wrong with it can be shown there.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::body;
use super::yaml::MOST_BYTES;

/// The places of a text's fields.
#[derive(Debug)]
pub struct Lines(Below);

#[derive(Debug)]
enum Below {
    Nothing,
    List(Vec<Place>),
    Map(Vec<(String, Place)>),
}

/// Where a field begins, its key or its dash, and what is in it.
#[derive(Debug)]
struct Place {
    line: u64,
    below: Below,
}

impl Lines {
    /// The places in a text; none where it cannot be read, or is too long.
    pub fn of(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        serde_saphyr::from_str_with_options(text, body::options())
            .ok()
            .map(Self)
    }

    /// The line of a path such as `agents[0].name`, from 1 on. Where there is no such field, as where one is missing, it is
    /// that of the nearest one around it.
    pub fn line_of(&self, path: &str) -> u64 {
        let (mut line, mut here, mut rest) = (1, &self.0, path);
        while let Some((place, after)) = here.step(rest) {
            (line, here, rest) = (place.line, &place.below, after);
        }
        line
    }
}

impl Below {
    /// The place that a path begins with, and the rest of the path.
    fn step<'a>(&self, path: &'a str) -> Option<(&Place, &'a str)> {
        match self {
            Self::Nothing => None,
            Self::List(items) => {
                let (index, after) = path.strip_prefix('[')?.split_once(']')?;
                let place = items.get(index.parse::<usize>().ok()?)?;
                Some((place, after.strip_prefix('.').unwrap_or(after)))
            }
            // A key may hold what paths are made of: the longest that fits is meant.
            Self::Map(entries) => {
                let fitting = entries.iter().filter_map(|(key, place)| {
                    let after = path.strip_prefix(key.as_str())?;
                    let is_whole = after.is_empty() || after.starts_with('[');
                    let after = after.strip_prefix('.').or_else(|| is_whole.then_some(after))?;
                    Some((key.len(), place, after))
                });
                let (_, place, after) = fitting.max_by_key(|(length, ..)| *length)?;
                Some((place, after))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Below {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BelowVisitor)
    }
}

struct BelowVisitor;

impl<'de> Visitor<'de> for BelowVisitor {
    type Value = Below;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Below, A::Error> {
        let mut places = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Below>>()? {
            places.push(Place {
                line: item.referenced.line(),
                below: item.value,
            });
        }
        Ok(Below::List(places))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Below, A::Error> {
        let mut places = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let line = key.referenced.line();
            let below = entries.next_value()?;
            places.push((key.value, Place { line, below }));
        }
        Ok(Below::Map(places))
    }
}
