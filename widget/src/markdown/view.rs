//! The tree as DOM nodes, changed as little as possible while an answer grows: a delta that only lengthens the last text
//! touches that text node alone. No string of HTML anywhere, and nothing is fetched: images are links.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CharacterData, Document, Element, Node as Dom};

use super::copy::COPY;
use super::parse::{Change, Stream};
use super::tree::{Kind, Node};
use super::url::safe_url;
use crate::scan::{find, part};

type Done = Result<(), JsValue>;

/// One answer on the page.
pub struct MarkdownView {
    document: Document,
    root: Element,
    /// What the button on a block of code says.
    copy: &'static str,
    stream: Stream,
}

impl MarkdownView {
    /// A view that fills `root`, which must be empty and stay the view's own.
    pub fn new(document: Document, root: Element, copy: &'static str) -> Self {
        Self {
            document,
            root,
            copy,
            stream: Stream::default(),
        }
    }

    /// Shows this text instead; what is the same stays untouched.
    pub fn set(&mut self, text: &str) {
        let old = std::mem::replace(&mut self.stream, Stream::of(text));
        self.show(&Change {
            from: 0,
            old: old.into_nodes(),
        });
    }

    /// Shows more text.
    pub fn append(&mut self, delta: &str) {
        let change = self.stream.append(delta);
        self.show(&change);
    }

    /// The answer is complete: shows what `append` kept back because it could not tell yet what it is.
    pub fn finish(&mut self) {
        let change = self.stream.finish();
        self.show(&change);
    }

    fn show(&self, change: &Change) {
        let first = self.root.child_nodes().item(change.from as u32);
        let new = &self.stream.nodes()[change.from..];
        // An error means that somebody else took our nodes away: there is nothing to save then.
        let _ = self.update(&self.root, first, &change.old, new, false);
    }

    /// Makes the nodes from `next` on, which show `old`, show `new`.
    fn update(&self, parent: &Dom, mut next: Option<Dom>, old: &[Node], new: &[Node], in_link: bool) -> Done {
        let mut old = old.iter();
        for node in new {
            let before = old.next();
            let Some(dom) = next else {
                parent.append_child(&self.build(node, in_link)?)?;
                continue;
            };
            next = dom.next_sibling();
            match before {
                Some(before) if tag(before, in_link) == tag(node, in_link) && before.kind == node.kind => {
                    self.change(&dom, before, node, in_link)?;
                }
                _ => {
                    parent.replace_child(&self.build(node, in_link)?, &dom)?;
                }
            }
        }
        while let Some(dom) = next {
            next = dom.next_sibling();
            parent.remove_child(&dom)?;
        }
        Ok(())
    }

    fn change(&self, dom: &Dom, old: &Node, new: &Node, in_link: bool) -> Done {
        if new.kind == Kind::Text {
            match new.text.strip_prefix(&old.text[..]) {
                Some("") => {}
                Some(more) => dom.unchecked_ref::<CharacterData>().append_data(more)?,
                None => dom.set_text_content(Some(&new.text)),
            }
            return Ok(());
        }
        if (old.flag, old.number, &old.text, &old.title) != (new.flag, new.number, &new.text, &new.title)
            || is_task(old) != is_task(new)
        {
            self.dress(dom.unchecked_ref(), new, in_link)?;
        }
        self.fill(dom, old, new, in_link)
    }

    fn build(&self, node: &Node, in_link: bool) -> Result<Dom, JsValue> {
        if node.kind == Kind::Text {
            return Ok(self.document.create_text_node(&node.text).into());
        }
        let element = self.document.create_element(tag(node, in_link))?;
        match node.kind {
            Kind::Code => {
                let head = self.child(&element, "div", "code-head")?;
                self.child(&head, "span", "code-language")?;
                let button = self.child(&head, "button", COPY)?;
                button.set_attribute("type", "button")?;
                button.set_text_content(Some(self.copy));
                let pre = self.child(&element, "pre", "")?;
                // Whoever has no mouse scrolls with the keys.
                pre.set_attribute("tabindex", "0")?;
                self.child(&pre, "code", "")?;
            }
            Kind::Table => {
                element.set_attribute("tabindex", "0")?;
                self.child(&element, "table", "")?;
            }
            _ => {}
        }
        self.dress(&element, node, in_link)?;
        self.fill(&element, &Node::new(node.kind), node, in_link)?;
        Ok(element.into())
    }

    fn child(&self, parent: &Element, tag: &str, class: &str) -> Result<Element, JsValue> {
        let child = self.document.create_element(tag)?;
        if !class.is_empty() {
            child.set_class_name(class);
        }
        parent.append_child(&child)?;
        Ok(child)
    }

    /// Changes what stands inside an element.
    fn fill(&self, dom: &Dom, old: &Node, new: &Node, in_link: bool) -> Done {
        let inner = match new.kind {
            Kind::Code => dom.last_child().and_then(|pre| pre.first_child()),
            Kind::Table => dom.first_child(),
            Kind::Check => None,
            _ => Some(dom.clone()),
        };
        let Some(inner) = inner else { return Ok(()) };
        let in_link = in_link || matches!(new.kind, Kind::Link | Kind::Image);
        self.update(&inner, inner.first_child(), &old.kids, &new.kids, in_link)
    }

    /// Sets what is not its kids.
    fn dress(&self, element: &Element, node: &Node, in_link: bool) -> Done {
        let class = match node.kind {
            Kind::Code => "code",
            Kind::Table => "table",
            Kind::Check => "check",
            Kind::Bullets | Kind::Numbers if node.flag => "tight",
            Kind::Item if is_task(node) => "task",
            Kind::Cell => ["", "left", "right", "center"][node.number as usize & 3],
            Kind::Link if is_source(node) => "source",
            _ => "",
        };
        if !class.is_empty() || element.has_attribute("class") {
            element.set_class_name(class);
        }
        match node.kind {
            Kind::Link | Kind::Image => {
                if let Some(address) = safe_url(&node.text).filter(|_| !in_link) {
                    element.set_attribute("href", &address)?;
                    element.set_attribute("target", "_blank")?;
                    element.set_attribute("rel", "noopener noreferrer nofollow ugc")?;
                }
                if !node.title.is_empty() && !is_source(node) {
                    element.set_attribute("title", &node.title)?;
                }
            }
            Kind::Code => {
                let language = part(&node.text, 0, find(&node.text, 0, b" \t"));
                if let Some(label) = element.first_child().and_then(|head| head.first_child()) {
                    label.set_text_content(Some(language));
                }
            }
            Kind::Numbers => {
                js_sys::Reflect::set(element, &"start".into(), &node.number.into())?;
            }
            Kind::Check => element.set_text_content(Some(if node.flag { "☑" } else { "☐" })),
            Kind::Cell if node.flag => element.set_attribute("scope", "col")?,
            // An answer in Arabic in a page in English, or one paragraph of it, reads from its own side.
            Kind::Paragraph | Kind::Heading => element.set_attribute("dir", "auto")?,
            _ => {}
        }
        Ok(())
    }
}

/// The element for a node. Links don't nest, and one that nobody may follow is only its words.
fn tag(node: &Node, in_link: bool) -> &'static str {
    match node.kind {
        Kind::Paragraph => "p",
        // The page has headings of its own; those of an answer rank below.
        Kind::Heading => ["h3", "h3", "h4", "h5", "h6"]
            .get(node.number as usize)
            .unwrap_or(&"h6"),
        Kind::Quote => "blockquote",
        Kind::Bullets => "ul",
        Kind::Numbers => "ol",
        Kind::Item => "li",
        Kind::Row => "tr",
        Kind::Cell => ["td", "th"][usize::from(node.flag)],
        Kind::Rule => "hr",
        Kind::Span => "code",
        Kind::Break => "br",
        Kind::Emphasis => "em",
        Kind::Strong => "strong",
        Kind::Strike => "del",
        Kind::Link | Kind::Image if !in_link && safe_url(&node.text).is_some() => "a",
        Kind::Code | Kind::Table => "div",
        Kind::Link | Kind::Image | Kind::Check | Kind::Text => "span",
    }
}

/// `[words](address "source")`: where an answer comes from. Elsewhere it is a plain link.
fn is_source(node: &Node) -> bool {
    node.title == "source"
}

fn is_task(node: &Node) -> bool {
    let first = node.kids.first().and_then(|kid| kid.kids.first());
    node.kind == Kind::Item && first.is_some_and(|first| first.kind == Kind::Check)
}
