//! Which files of a folder can be known, and their text. Never leaves the folder, never follows a linked directory.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::AddError;

/// The largest file, in bytes.
const MAX_FILE_BYTES: u64 = 2 * 1024 * 1024;
const TOO_LARGE: &str = "larger than 2 MiB";
/// The most files of one folder, and of one knowledge base.
pub(super) const MAX_FILES: usize = 20_000;
/// How deep folders are looked into.
const MAX_DEPTH: usize = 32;

/// What a file is, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Markdown,
    Text,
    Html,
}

impl Format {
    pub(super) fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "txt" => Some(Self::Text),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// A file that may be indexed.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Below the folder, with `/`.
    pub(super) path: String,
    /// Where it is.
    place: PathBuf,
}

/// What is in a file.
pub(super) enum Content {
    Text(String),
    /// It is left out, for this reason.
    Unfit(&'static str),
}

/// The files below a folder, by path, and the folder's real place.
pub(super) fn files_below(dir: &Path) -> Result<(PathBuf, Vec<File>), AddError> {
    let root = dir.canonicalize().map_err(|error| unreadable(dir, &error))?;
    let mut files = Vec::new();
    let mut waiting = vec![(root.clone(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))? {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let place = entry.path();
            let kind = entry.file_type().map_err(|error| unreadable(&place, &error))?;
            if kind.is_dir() {
                if depth < MAX_DEPTH {
                    waiting.push((place, depth + 1));
                }
            } else if Format::of(name).is_some() {
                let Ok(below) = place.strip_prefix(&root) else { continue };
                let path = below
                    .iter()
                    .map(|part| part.to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/");
                files.push(File { path, place });
                if files.len() > MAX_FILES {
                    return Err(AddError::TooManyFiles(MAX_FILES));
                }
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok((root, files))
}

/// The text of a file.
pub(super) fn read(root: &Path, file: &File) -> Result<Content, AddError> {
    // A link may lead anywhere: where it really leads must be below the folder, and a plain file.
    let place = match file.place.canonicalize() {
        Ok(place) if place.starts_with(root) => place,
        Ok(_) => return Ok(Content::Unfit("a link that leads out of the folder")),
        Err(_) if file.place.is_symlink() => return Ok(Content::Unfit("a link that leads nowhere")),
        Err(error) => return Err(unreadable(&file.place, &error)),
    };
    if !place.is_file() {
        return Ok(Content::Unfit("not a plain file"));
    }
    let opened = fs::File::open(&place).map_err(|error| unreadable(&place, &error))?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large, however it grows meanwhile.
    opened
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&place, &error))?;
    Ok(decode(bytes))
}

/// What the bytes of a file say.
pub(super) fn decode(bytes: Vec<u8>) -> Content {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Content::Unfit(TOO_LARGE);
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Content::Unfit("not text"),
        Ok(text) => Content::Text(text.trim_start_matches('\u{feff}').to_owned()),
        Err(_) => Content::Unfit("not UTF-8"),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> AddError {
    AddError::Unreadable {
        path: path.display().to_string(),
        cause: error.to_string(),
    }
}
