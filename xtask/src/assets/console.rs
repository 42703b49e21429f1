//! The console's folder: the page, the script that starts it, glue, WASM and one sheet of all styles. The tokens of the
//! sheet are the widget's own, written for the shadow root there and turned into the page's here: one source for both.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::bindgen::Bound;
use super::file::{self, File, URL_PLACEHOLDER};
use super::minify;
use crate::workspace::Workspace;

/// The tokens of widget and console.
pub(crate) const SHARED_TOKENS: &str = "widget/src/view/tokens.css";
/// The folder of the console's styles; its own tokens come first, then every other file by its name.
const STYLES: &str = "console/src/view";
/// Styles of single pages.
const PAGE_STYLES: &str = "console/src/pages";
const OWN_TOKENS: &str = "tokens.css";
const PAGE: &str = "index.html";

/// What the server and `cargo xtask size` read first.
pub(crate) struct Manifest {
    /// Each file of the first load: the page, the start script, the sheet, the glue, the WASM.
    pub(crate) first: Vec<String>,
    /// The WASM of the pages that are not needed first.
    pub(crate) late: String,
}

impl Manifest {
    /// Reads `manifest.json` of the folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let name = file::read_manifest(folder)?;
        let first = ["page", "boot", "sheet", "glue", "wasm"].into_iter().map(&name);
        Ok(Self {
            first: first.collect::<Result<_>>()?,
            late: name("late")?,
        })
    }

    /// Every file that is served.
    pub(crate) fn names(&self) -> Vec<String> {
        let late = std::iter::once(&self.late);
        self.first.iter().chain(late).cloned().collect()
    }
}

/// Names the parts by their content and writes their names into the page.
pub(crate) fn assemble(workspace: &Workspace, bound: Bound) -> Result<Vec<File>> {
    let read =
        |path: &str| fs::read_to_string(workspace.root.join(path)).with_context(|| format!("cannot read {path}"));
    let sheet = File::hashed("console", "css", sheet(workspace)?.into_bytes())?;
    let late = File::hashed("late", "wasm", bound.late.context("the console has a late part")?)?;
    let values = [
        ("__ATTHENE_LATE__", late.name.as_str()),
        ("__ATTHENE_LATE_SRI__", &late.integrity()),
    ];
    let glue = file::fill(&bound.glue, &values).context("the glue of the console")?;
    let glue = File::hashed("console", "js", glue.into_bytes())?;
    let wasm = File::hashed("console", "wasm", bound.wasm)?;
    let boot = minify::script(&read("console/page/boot.js")?).context("console/page/boot.js")?;
    let values = [
        ("__ATTHENE_GLUE__", glue.name.as_str()),
        ("__ATTHENE_WASM__", &wasm.name),
        ("__ATTHENE_WASM_SRI__", &wasm.integrity()),
    ];
    let boot = file::fill(&boot, &values).context("console/page/boot.js")?;
    let boot = File::hashed("boot", "js", boot.into_bytes())?;
    let values = [
        ("__ATTHENE_VERSION__", workspace.version.as_str()),
        ("__ATTHENE_SHEET__", &sheet.name),
        ("__ATTHENE_SHEET_SRI__", &sheet.integrity()),
        ("__ATTHENE_GLUE__", &glue.name),
        ("__ATTHENE_GLUE_SRI__", &glue.integrity()),
        ("__ATTHENE_BOOT__", &boot.name),
        ("__ATTHENE_BOOT_SRI__", &boot.integrity()),
    ];
    let page = file::fill(&read("console/page/index.html")?, &values).context("console/page/index.html")?;
    anyhow::ensure!(page.contains(URL_PLACEHOLDER), "the page lacks {URL_PLACEHOLDER}");
    let manifest = File::manifest(&serde_json::json!({
        "page": PAGE,
        "boot": boot.name,
        "sheet": sheet.name,
        "glue": glue.name,
        "wasm": wasm.name,
        "late": late.name,
    }))?;
    let page = File::new(PAGE.to_owned(), page.into_bytes())?;
    Ok(vec![page, boot, sheet, glue, wasm, late, manifest])
}

/// Tokens first, then the parts, then the pages; each group in the order of its names.
fn sheet(workspace: &Workspace) -> Result<String> {
    let read =
        |path: PathBuf| fs::read_to_string(&path).with_context(|| format!("cannot read {}", workspace.shown(&path)));
    let mut sheet = for_page(&read(workspace.root.join(SHARED_TOKENS))?);
    let own_tokens = workspace.root.join(STYLES).join(OWN_TOKENS);
    sheet.push_str(&read(own_tokens.clone())?);
    for folder in [STYLES, PAGE_STYLES] {
        let mut files = Vec::new();
        collect_styles(&workspace.root.join(folder), &mut files)?;
        files.sort();
        for file in files.into_iter().filter(|file| *file != own_tokens) {
            sheet.push_str(&read(file)?);
        }
    }
    Ok(small(&sheet))
}

fn collect_styles(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect_styles(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "css") {
            files.push(path);
        }
    }
    Ok(())
}

/// The tokens of a shadow root as those of a page, which has nobody to defend them against.
pub(crate) fn for_page(tokens: &str) -> String {
    tokens
        .replace(":host([data-theme=dark])", ":root[data-theme=dark]")
        .replace(":host", ":root")
        .replace("!important", "")
}

/// Without comments, line ends and indentation.
pub(crate) fn small(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    plain.push_str(rest);
    plain.lines().map(str::trim).collect()
}
