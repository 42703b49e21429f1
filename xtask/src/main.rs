//! tool.
fn main(){}
