//! tool.
fn main() {}
