//! Knowledge: documents kept, passages found, words taken as text.

use atthene_server::model::agent::Agent;
use atthene_server::model::knowledge::{Document, Passage};

use super::{Bench, NOW, on_every_backend};

const BASE: &str = "handbook";

fn draft_document(path: &str, title: &str, sections: &[(&str, &str)]) -> Document {
    let passages = sections.iter().map(|(heading, text)| Passage {
        title: title.to_owned(),
        path: path.to_owned(),
        heading: (*heading).to_owned(),
        text: (*text).to_owned(),
    });
    Document {
        path: path.to_owned(),
        title: title.to_owned(),
        content_hash: format!("hash of {title}"),
        bytes: 7,
        indexed_at: NOW,
        passages: passages.collect(),
    }
}

async fn put(bench: &Bench, agent: &Agent, base: &str, document: &Document) {
    bench
        .store
        .put_document(&bench.workspace, &agent.id, base, document)
        .await
        .unwrap();
}

/// The headings that the words find, best first.
async fn search(bench: &Bench, agent: &Agent, bases: &[&str], words: &[&str]) -> Vec<String> {
    let bases: Vec<_> = bases.iter().map(|base| (*base).to_owned()).collect();
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let found = bench
        .store
        .search_passages(&bench.workspace, &agent.id, &bases, &words, 10)
        .await
        .unwrap();
    assert!(found.is_sorted_by(|a, b| a.score >= b.score), "best first: {found:?}");
    found.into_iter().map(|found| found.passage.heading).collect()
}

/// An agent that knows about a shop, with enough around it for BM25 to have something to weigh.
async fn shop(bench: &Bench) -> Agent {
    let agent = bench.agent("shop").await;
    let sections = [
        (
            "Returns",
            "Send the parcel back within thirty days; we refund the price.",
        ),
        (
            "Shipping",
            "Parcels leave our warehouse every morning. For returns see elsewhere.",
        ),
        ("Payment", "We take cards and bank transfer."),
        ("Müller café", "Opening hours of the coffee corner."),
        ("Wi-Fi", "The network in the shop is free."),
    ];
    put(
        bench,
        &agent,
        BASE,
        &draft_document("guide/shop.md", "Shop guide", &sections),
    )
    .await;
    agent
}

#[tokio::test]
async fn a_document_is_listed_until_it_is_removed() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        let listed = bench
            .store
            .list_documents(&bench.workspace, &agent.id, BASE)
            .await
            .unwrap();
        assert_eq!(listed, [("guide/shop.md".to_owned(), "hash of Shop guide".to_owned())]);
        assert!(
            bench
                .store
                .list_documents(&bench.stranger, &agent.id, BASE)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            bench
                .store
                .list_documents(&bench.workspace, &agent.id, "other")
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            !bench
                .store
                .remove_document(&bench.stranger, &agent.id, BASE, "guide/shop.md")
                .await
                .unwrap()
        );
        assert!(
            bench
                .store
                .remove_document(&bench.workspace, &agent.id, BASE, "guide/shop.md")
                .await
                .unwrap()
        );
        assert!(
            !bench
                .store
                .remove_document(&bench.workspace, &agent.id, BASE, "guide/shop.md")
                .await
                .unwrap()
        );
        assert!(search(&bench, &agent, &[BASE], &["returns"]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_found_passage_names_its_source() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        let (bases, words) = ([BASE.to_owned()], ["refund".to_owned()]);
        let found = bench
            .store
            .search_passages(&bench.workspace, &agent.id, &bases, &words, 10)
            .await
            .unwrap();
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (found.passage.title.as_str(), found.passage.path.as_str()),
            ("Shop guide", "guide/shop.md")
        );
        assert!(found.passage.text.starts_with("Send the parcel back"));
        assert!(found.score > 0.0);
    })
    .await;
}

#[tokio::test]
async fn a_word_in_the_heading_counts_more_than_in_the_text() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        assert_eq!(
            search(&bench, &agent, &[BASE], &["returns"]).await,
            ["Returns", "Shipping"]
        );
    })
    .await;
}

#[tokio::test]
async fn any_of_the_words_is_enough_and_the_limit_holds() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        let found = search(&bench, &agent, &[BASE], &["cards", "warehouse", "nonsense"]).await;
        assert_eq!(found.len(), 2);
        let (bases, words) = ([BASE.to_owned()], ["parcel".to_owned()]);
        let found = bench
            .store
            .search_passages(&bench.workspace, &agent.id, &bases, &words, 1)
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn endings_accents_and_case_do_not_matter() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        assert_eq!(
            search(&bench, &agent, &[BASE], &["returning"]).await,
            ["Returns", "Shipping"]
        );
        assert_eq!(search(&bench, &agent, &[BASE], &["MULLER"]).await, ["Müller café"]);
        assert_eq!(search(&bench, &agent, &[BASE], &["wi-fi"]).await, ["Wi-Fi"]);
    })
    .await;
}

#[tokio::test]
async fn words_are_taken_as_text_however_hostile() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        for hostile in [
            "\"", "*", "NEAR(", "-", "", " ", "\0", "^", ":", "(", ")", "\\", "'", "$1", "{", "+",
        ] {
            assert!(
                search(&bench, &agent, &[BASE], &[hostile]).await.is_empty(),
                "{hostile:?}"
            );
            let found = search(&bench, &agent, &[BASE], &[hostile, "cards"]).await;
            assert_eq!(found, ["Payment"], "{hostile:?}");
        }
        for odd in [
            "cards\" OR \"returns",
            "NOT cards",
            "text:cards",
            "card*",
            "agent_id : x",
            "a\0b",
            "OR",
            "AND",
        ] {
            search(&bench, &agent, &[BASE], &[odd]).await;
        }
        assert_eq!(search(&bench, &agent, &[BASE], &["cards\""]).await, ["Payment"]);
        assert!(
            search(&bench, &agent, &[BASE], &["ret*"]).await.is_empty(),
            "no prefix search by accident"
        );
        let many: Vec<String> = (0..2_000).map(|number| format!("word{number}")).collect();
        let many: Vec<&str> = std::iter::once("cards")
            .chain(many.iter().map(String::as_str))
            .collect();
        assert_eq!(search(&bench, &agent, &[BASE], &many).await, ["Payment"]);
    })
    .await;
}

#[tokio::test]
async fn a_search_stays_within_its_agent_its_bases_and_its_workspace() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        let other = bench.agent("other").await;
        put(
            &bench,
            &other,
            BASE,
            &draft_document("o.md", "Other", &[("Secret", "returns of the other")]),
        )
        .await;
        put(
            &bench,
            &agent,
            "legal",
            &draft_document("l.md", "Legal", &[("Law", "returns by law")]),
        )
        .await;
        assert_eq!(search(&bench, &other, &[BASE], &["returns"]).await, ["Secret"]);
        assert_eq!(search(&bench, &agent, &["legal"], &["returns"]).await, ["Law"]);
        assert_eq!(search(&bench, &agent, &[BASE, "legal"], &["returns"]).await.len(), 3);
        assert!(search(&bench, &agent, &[], &["returns"]).await.is_empty());
        let (bases, words) = ([BASE.to_owned()], ["returns".to_owned()]);
        let theirs = bench
            .store
            .search_passages(&bench.stranger, &agent.id, &bases, &words, 10)
            .await
            .unwrap();
        assert!(theirs.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_document_put_again_replaces_its_passages() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        let mut changed = draft_document("guide/shop.md", "Shop guide", &[("Refusals", "We take nothing back.")]);
        changed.content_hash = "hash-2".to_owned();
        put(&bench, &agent, BASE, &changed).await;
        let listed = bench
            .store
            .list_documents(&bench.workspace, &agent.id, BASE)
            .await
            .unwrap();
        assert_eq!(listed, [("guide/shop.md".to_owned(), "hash-2".to_owned())]);
        assert!(search(&bench, &agent, &[BASE], &["warehouse"]).await.is_empty());
        assert_eq!(search(&bench, &agent, &[BASE], &["nothing"]).await, ["Refusals"]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_agent_takes_its_knowledge_along() {
    on_every_backend(async |bench| {
        let agent = shop(&bench).await;
        assert!(bench.store.delete_agent(&bench.workspace, &agent.id).await.unwrap());
        assert!(
            bench
                .store
                .list_documents(&bench.workspace, &agent.id, BASE)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(search(&bench, &agent, &[BASE], &["returns"]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn knowledge_of_an_absent_agent_is_refused() {
    on_every_backend(async |bench| {
        let draft = bench.draft_agent("absent");
        let document = draft_document("a.md", "A", &[("A", "a")]);
        assert!(
            bench
                .store
                .put_document(&bench.workspace, &draft.id, BASE, &document)
                .await
                .is_err()
        );
    })
    .await;
}
