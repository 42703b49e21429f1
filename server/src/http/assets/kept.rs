//! Versions of the widget that this server served before: pages that pinned one load it for as long as they like, after an
//! update too. They lie in a folder of the data, as they were served.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use super::response::{File, Life};
use super::{SHIM, is_plain_name};

/// The folder below that of the data; for the server's own user alone, as all that lies there.
pub const FOLDER: &str = "widget";
/// No server of ours has seen so many; a folder that has is not only ours.
const MOST_VERSIONS: usize = 100;

/// A file as it is kept: its name and its bytes, encodings by their ending.
pub(super) type Plain<'a> = (&'a str, &'a [u8]);

/// Keeps the files of the version that is served now. What is there already as it should be is left alone.
pub(super) fn keep(data_dir: &Path, version: &str, files: &[Plain<'_>]) -> io::Result<()> {
    let folder = data_dir.join(FOLDER).join(version);
    let is_kept = |(name, bytes): &Plain<'_>| fs::read(folder.join(name)).is_ok_and(|kept| kept == *bytes);
    for (name, bytes) in files.iter().filter(|file| !is_kept(file)) {
        fs::create_dir_all(&folder)?;
        // Whole or not at all: another server may start right now.
        let beside = folder.join(format!("{name}.new"));
        fs::write(&beside, bytes)?;
        fs::rename(&beside, folder.join(name))?;
    }
    Ok(())
}

/// The files of every version but the one that is served now, by their path.
pub(super) fn others(data_dir: &Path, current: &str) -> HashMap<String, File> {
    let mut files = HashMap::new();
    let Ok(versions) = fs::read_dir(data_dir.join(FOLDER)) else {
        return files;
    };
    for version in versions.flatten().take(MOST_VERSIONS) {
        let name = version.file_name();
        let Some(name) = name.to_str().filter(|name| is_plain_name(name) && *name != current) else {
            continue;
        };
        for (file, served) in of_version(&version.path()) {
            files.insert(format!("/widget/{name}/{file}"), served);
        }
    }
    files
}

fn of_version(folder: &Path) -> Vec<(String, File)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let served = names.filter(|name| is_plain_name(name) && (name.ends_with(".js") || name.ends_with(".wasm")));
    let read = |name: &str| fs::read(folder.join(name)).ok();
    served
        .filter_map(|name| {
            let plain = read(&name)?;
            let file = if name == SHIM {
                File::compress(&name, Life::Short, plain)
            } else {
                let brotli = read(&format!("{name}.br")).map(Into::into);
                let gzip = read(&format!("{name}.gz")).map(Into::into);
                File::new(&name, Life::Immutable, plain.into(), brotli, gzip)
            };
            Some((name, file))
        })
        .collect()
}
