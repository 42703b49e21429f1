//! wasm-bindgen as a library of the very version that the crate was compiled with, so no tool has to be installed
//! and no version can differ. It minifies nothing.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::names;

/// The two halves that wasm-bindgen makes of one WASM file.
pub(crate) struct Bound {
    /// The ES module that loads the WASM and lends it the browser.
    pub(crate) glue: String,
    /// The WASM without names and producers.
    pub(crate) wasm: Vec<u8>,
    /// What is loaded later, if there is such a part; it knows the glue through the first WASM alone.
    pub(crate) late: Option<Vec<u8>>,
}

/// Makes the glue for `import()` in a browser.
pub(crate) fn bind(compiled: &Path, name: &str) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Table and stack, which a second half shares.
        .keep_lld_exports(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen cannot read {}", compiled.display()))?;
    // Snippets would be further files that the glue imports: the page would load them without an integrity.
    let brings_snippets = output.snippets().values().any(|snippets| !snippets.is_empty());
    ensure!(
        !brings_snippets,
        "a crate brings inline JavaScript: {:?}",
        output.snippets()
    );
    ensure!(
        output.local_modules().is_empty(),
        "a crate brings modules: {:?}",
        output.local_modules().keys()
    );
    // The second way in, for WASM that was fetched already: nobody calls it, and unexported it is dropped as unused.
    let glue = output.js().replace("export { initSync, ", "export { ");
    let module = output.wasm_mut();
    let imported = module.imports.iter().map(|import| import.name.as_str());
    let exported = module.exports.iter().map(|export| export.name.as_str());
    let short = names::shortened(imported.chain(exported));
    for import in module.imports.iter_mut() {
        shorten(&mut import.name, &short);
    }
    for export in module.exports.iter_mut() {
        shorten(&mut export.name, &short);
    }
    Ok(Bound {
        glue: names::replace(&glue, &short),
        wasm: module.emit_wasm(),
        late: None,
    })
}

fn shorten(name: &mut String, short: &BTreeMap<String, String>) {
    if let Some(new) = short.get(name.as_str()) {
        name.clone_from(new);
    }
}
