//! The socket `/ws/amas`, over real connections.

mod asking;
mod back_end;
mod ends;
mod opening;
mod raw;
mod rfc6455;
mod talk;
mod utf8;

use atthene_tests::socket::TestSocket;
use atthene_tests::{TestApp, TestVisitor};

const SHOP: &str = "https://shop.example";

/// A visitor of the shop, with a socket that has their session.
async fn talking(app: &TestApp) -> (TestVisitor, TestSocket) {
    let visitor = app.visitor(SHOP).start().await;
    let socket = tab(app, &visitor, 0).await;
    (visitor, socket)
}

/// One more socket of a visitor.
async fn tab(app: &TestApp, visitor: &TestVisitor, after: u64) -> TestSocket {
    let mut socket = TestSocket::open(app.address, "shop", SHOP).await;
    socket.start(&visitor.token, after).await;
    socket
}
