//! JavaScript made small by oxc, and refused where it holds what Trusted Types would block.
//! It doesn't bundle: each input is one finished file.

use anyhow::{Result, ensure};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// Words that turn text into markup or code; none may be in what a page loads.
const FORBIDDEN: [&str; 5] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
];

/// Minifies an ES module: names at its top level are its own, its exports stay.
pub(crate) fn module(source: &str) -> Result<String> {
    minify(source, SourceType::mjs())
}

/// Minifies a classic script: names at its top level are globals of the page, so they stay.
pub(crate) fn script(source: &str) -> Result<String> {
    minify(source, SourceType::script())
}

fn minify(source: &str, source_type: SourceType) -> Result<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, source_type).parse();
    let complaints: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
    ensure!(
        complaints.is_empty() && !parsed.fatal_error,
        "does not parse: {}",
        complaints.join("; ")
    );
    let mut program = parsed.program;
    let minified = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut program);
    let small = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .with_private_member_mappings(minified.class_private_mappings)
        .build(&program)
        .code;
    for word in FORBIDDEN {
        ensure!(!small.contains(word), "holds `{word}`, which Trusted Types block");
    }
    Ok(small)
}
