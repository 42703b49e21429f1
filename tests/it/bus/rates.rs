//! Rates under many callers at once, against the trait.

use std::sync::Arc;

use atthene_server::bus::Rate;
use futures_util::future::join_all;

use super::on_every_backend;

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_is_exact_under_many_callers_at_once() {
    on_every_backend(async |bus| {
        let rate = Rate {
            name: "messages",
            per_min: 40,
        };
        let calls = (0..200).map(|_| {
            let bus = Arc::clone(&bus);
            tokio::spawn(async move { bus.count(rate, "a").await.is_ok() })
        });
        let fitted = join_all(calls.collect::<Vec<_>>()).await;
        let fitted = fitted.into_iter().filter(|fits| *fits.as_ref().unwrap()).count();
        assert!((40..=41).contains(&fitted), "{fitted}");
    })
    .await;
}
