//! Tells cargo to build the server again when a folder that it embeds changes. It builds nothing itself: the widget's
//! files come from `cargo xtask`.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A folder that is not there would count as changed for ever, so it is made empty.
    for built in ["../target/assets/widget", "../target/assets/console"].map(Path::new) {
        if std::fs::create_dir_all(built).is_ok() {
            println!("cargo:rerun-if-changed={}", built.display());
        }
    }
    for folder in ["../demo-site", "../console/try"].map(Path::new) {
        if folder.exists() {
            println!("cargo:rerun-if-changed={}", folder.display());
        }
    }
}
