//! Rough treatment of the real binary for as long as one likes: what must survive it is judged by what its clients were
//! told. Figures are printed; a broken promise is a failure.

pub mod back_end;
pub mod findings;
pub mod kill;
pub mod ledger;
pub mod model;
pub mod readers;
pub mod server;
pub mod visitor;
