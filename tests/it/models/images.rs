//! Images in a question: each vendor's own shape on the wire, and a clear refusal where a model cannot see.

use atthene_server::config::ProviderKind;
use atthene_server::llm::{self, ModelErrorKind as Kind, ModelImage};

use super::upstream::{Outcome, STREAM_HEAD, Upstream, delta, end, outcome_of, question, settings_of};

const URL: &str = "https://pictures.example/cat.png";
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

fn data(media_type: &str) -> ModelImage {
    ModelImage::Data {
        media_type: media_type.to_owned(),
        base64: PIXEL.to_owned(),
    }
}

/// Asks with an image; what came of it, and the body if one was sent.
async fn shown(kind: ProviderKind, model: &str, image: ModelImage) -> (Outcome, Option<serde_json::Value>) {
    let upstream = Upstream::always(vec![format!("{STREAM_HEAD}{}{}", delta("A cat."), end()).into_bytes()]).await;
    let settings = settings_of(kind, format!("http://127.0.0.1:{}/v1", upstream.port));
    let llm = llm::open(&settings, &|_| None).unwrap();
    let mut request = question(model);
    request.messages[0].images.push(image);
    let outcome = outcome_of(&*llm, request).await;
    let body = upstream
        .requests()
        .first()
        .map(|request| serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap());
    (outcome, body)
}

#[tokio::test]
async fn an_image_reaches_each_vendor_in_its_own_shape() {
    let (outcome, body) = shown(ProviderKind::Openai, "mock/seeing", data("image/png")).await;
    assert_eq!(outcome.text, "A cat.");
    let content = &body.unwrap()["messages"][1]["content"];
    assert_eq!(content[0]["type"], "image_url");
    assert_eq!(content[0]["image_url"]["url"], format!("data:image/png;base64,{PIXEL}"));
    assert_eq!(content[1]["text"], "What is this?");

    let (_, body) = shown(ProviderKind::Openai, "mock/seeing", ModelImage::Url(URL.to_owned())).await;
    assert_eq!(body.unwrap()["messages"][1]["content"][0]["image_url"]["url"], URL);

    let (_, body) = shown(ProviderKind::Anthropic, "mock/seeing", data("image/jpeg")).await;
    let source = &body.unwrap()["messages"][0]["content"][0]["source"];
    assert_eq!(
        (&source["type"], &source["media_type"]),
        (&"base64".into(), &"image/jpeg".into())
    );
    assert_eq!(source["data"], PIXEL);

    let (_, body) = shown(ProviderKind::Anthropic, "mock/seeing", ModelImage::Url(URL.to_owned())).await;
    assert_eq!(body.unwrap()["messages"][0]["content"][0]["source"]["url"], URL);

    let (_, body) = shown(ProviderKind::Gemini, "mock/seeing", data("image/webp")).await;
    let part = &body.unwrap()["contents"][0]["parts"][0]["inlineData"];
    assert_eq!(
        (&part["mimeType"], &part["data"]),
        (&"image/webp".into(), &PIXEL.into())
    );
}

#[tokio::test]
async fn what_cannot_be_shown_is_refused_before_anything_is_sent() {
    use ProviderKind::{Anthropic, Gemini, Openai};
    for (kind, model, image) in [
        (Openai, "mock/blind", data("image/png")),
        (Openai, "builtin", data("image/png")),
        (Openai, "mock/seeing", data("image/svg+xml")),
        (Openai, "mock/seeing", data("text/html")),
        (
            Anthropic,
            "mock/seeing",
            ModelImage::Url("http://pictures.example/cat.png".to_owned()),
        ),
        (
            Anthropic,
            "mock/seeing",
            ModelImage::Url("file:///etc/passwd".to_owned()),
        ),
        (Gemini, "mock/seeing", ModelImage::Url(URL.to_owned())),
        (Gemini, "mock/seeing", data("image/gif")),
    ] {
        let named = format!("{kind:?} {model} {image:?}");
        let (outcome, body) = shown(kind, model, image).await;
        assert_eq!(outcome.errors.len(), 1, "{named}");
        assert_eq!(outcome.errors[0].kind, Kind::CannotSee, "{named}");
        assert!(body.is_none(), "{named}: {body:?}");
    }
}

#[tokio::test]
async fn whoever_asks_can_know_before() {
    let settings = settings_of(ProviderKind::Anthropic, "http://127.0.0.1:1/".to_owned());
    let llm = llm::open(&settings, &|_| None).unwrap();
    for (model, sees) in [
        ("mock/seeing-2", true),
        ("mock/blind", false),
        ("builtin", false),
        ("elsewhere/x", false),
    ] {
        assert_eq!(llm.can_see(model), sees, "{model}");
    }
}
