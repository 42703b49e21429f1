//! wasm-bindgen as a library of the very version that the widget was compiled with, so no tool has to be installed
//! and no version can differ. It minifies nothing.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// The two halves that wasm-bindgen makes of one WASM file.
pub(crate) struct Bound {
    /// The ES module that loads the WASM and lends it the browser.
    pub(crate) glue: String,
    /// The WASM without names and producers.
    pub(crate) wasm: Vec<u8>,
}

/// Makes the glue for `import()` in a browser.
pub(crate) fn bind(compiled: &Path) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name("widget")
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen cannot read {}", compiled.display()))?;
    // Snippets would be further files that the glue imports: the page would load them without an integrity.
    ensure!(
        output.snippets().is_empty(),
        "a crate brings inline JavaScript: {:?}",
        output.snippets().keys()
    );
    ensure!(
        output.local_modules().is_empty(),
        "a crate brings modules: {:?}",
        output.local_modules().keys()
    );
    Ok(Bound {
        glue: output.js().to_owned(),
        wasm: output.wasm_mut().emit_wasm(),
    })
}
