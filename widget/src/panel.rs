//! The panel in the div that the shim hands over: mounts it, listens to the visitor and to the page, takes it away.

use std::cell::RefCell;
use std::rc::Rc;

use atthene_protocol::visitor::Rating;
use js_sys::Promise;
use leptos::prelude::{Mountable, Render};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, Document, Element, EventTarget, HtmlElement, HtmlTextAreaElement, KeyboardEvent, Window,
};

use crate::app::{Fixtures, app};
use crate::chat::Event;
use crate::hook::Listener;
use crate::markdown::{self, COPY};
use crate::session::{Host, Screen, Session};
use crate::storage::{DRAFT, RESUME};
use crate::text::digits;
use crate::theme::Theme;
use crate::transport::decode::Json;
use crate::transport::json::is_true;
use crate::view::chips::Chips;
use crate::view::log::Log;
use crate::view::message::Setting;
use crate::view::{composer, notice};

pub(crate) struct Panel {
    stage: Rc<Stage>,
    /// What has to be undone at the end; dropped, it is.
    mounted: RefCell<Option<(Vec<Listener>, Option<Theme>)>>,
}

/// What the listeners act on.
struct Stage {
    session: Rc<Session>,
    panel: HtmlElement,
    field: HtmlTextAreaElement,
    log: Rc<RefCell<Log>>,
}

impl Panel {
    /// `None` where there is no page.
    pub(crate) fn mount(root: &HtmlElement, options: &JsValue, host: Host) -> Option<Self> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let theme = Theme::adopt(root.get_root_node().into());
        let session = Session::new(window.clone(), AbortController::new().ok()?, options, host);
        let words = session.words;
        let mut view = app(&session).build();
        view.mount(root, None);
        let find = |selector: &str| root.query_selector(selector).ok().flatten();
        let panel = find(".panel")?;
        let Fixtures {
            list,
            jump,
            starters,
            live,
        } = Fixtures::add(&document, words, &panel, &find(".dock")?)?;
        let setting = Setting {
            document: document.clone(),
            words,
            locale: regional(&window, &session.locale),
        };
        let log = Log::new(setting, list, jump, live.clone())?;
        let stage = Rc::new(Stage {
            session,
            panel: panel.unchecked_into(),
            field: find("textarea")?.unchecked_into(),
            log: Rc::new(RefCell::new(log)),
        });
        let listeners = stage.listen(&window, &document, root);
        let log = stage.log.clone();
        let mut starters = Chips::new(document.clone(), starters);
        let mut choices = Chips::new(document, find(".log .chips")?);
        let screen: Screen = Box::new(move |session, effect| {
            let mut log = log.borrow_mut();
            if effect.is_none() {
                app(session).rebuild(&mut view);
                let (chat, options) = (session.chat(), session.options());
                starters.draw(if chat.messages.is_empty() {
                    &options.starters
                } else {
                    &[]
                });
                choices.draw(chat.choices());
                notice::announce(session);
                log.welcome(&options.welcome);
            }
            log.show(&session.chat(), effect);
        });
        stage.start(screen, live);
        Some(Self {
            stage,
            mounted: RefCell::new(Some((listeners, theme))),
        })
    }

    pub(crate) fn open(&self) {
        let stage = &*self.stage;
        stage.session.count_unread(0);
        stage.session.dispatch(Event::Opened(true));
        let _ = stage.field.focus();
    }

    pub(crate) fn close(&self) {
        self.stage.session.dispatch(Event::Opened(false));
    }

    pub(crate) fn send(&self, text: &str) -> Promise {
        let client_id = self.stage.session.write(text);
        self.stage.session.promise(&client_id)
    }

    pub(crate) fn set_options(&self, options: &JsValue) {
        self.stage.session.set_options(options);
    }

    pub(crate) fn destroy(&self) {
        self.stage.session.end();
        self.stage.panel.remove();
        *self.mounted.borrow_mut() = None;
    }
}

/// The visitor's own form of the page's language: whoever reads `en` with a browser in `en-GB` knows no `AM`.
fn regional(window: &Window, locale: &str) -> String {
    window
        .field("navigator")
        .and_then(|navigator| navigator.field("language")?.text())
        .filter(|own| own.get(..2) == locale.get(..2))
        .unwrap_or_else(|| String::from(locale))
}

impl Stage {
    fn start(&self, screen: Screen, live: Element) {
        *self.session.live.borrow_mut() = Some(live);
        self.session.show_on(screen);
        self.field.set_value(&self.session.storage.read(DRAFT));
        composer::follow(&self.session, &self.field);
    }

    fn listen(self: &Rc<Self>, window: &Window, document: &Document, root: &HtmlElement) -> Vec<Listener> {
        let on = |target: &EventTarget, name: &'static str, call: fn(&Self, &JsValue)| {
            let stage = self.clone();
            Listener::new(target, name, Box::new(move |event| call(&stage, &event)))
        };
        let mut listeners = vec![
            on(window, "online", |stage, _| stage.session.dispatch(Event::Online(true))),
            on(window, "offline", |stage, _| {
                stage.session.dispatch(Event::Online(false))
            }),
            on(window, "pageshow", |stage, _| {
                stage.session.dispatch(Event::Shown(true))
            }),
            on(window, "pagehide", |stage, _| {
                stage.session.dispatch(Event::Shown(false))
            }),
            on(document, "visibilitychange", |stage, _| {
                stage.session.dispatch(Event::Hidden(stage.session.is_hidden()));
            }),
            on(window, "storage", |stage, event| {
                // What another tab has written is never our own.
                if event.text_of("key") == stage.session.storage.key(RESUME) && !event.text_of("newValue").is_empty() {
                    stage.session.dispatch(Event::Moved);
                }
            }),
            on(root, "click", Self::click),
            on(root, "focusout", |stage, event| {
                // It says that it has copied until the focus goes elsewhere.
                if let Some(button) = event.field("target")
                    && button.text_of("className") == COPY
                {
                    button
                        .unchecked_ref::<Element>()
                        .set_text_content(Some(stage.session.words.copy));
                }
            }),
            on(root, "keydown", |stage, event| stage.key(event.unchecked_ref())),
            on(root, "input", |stage, _| composer::follow(&stage.session, &stage.field)),
            on(&self.log.borrow().list, "scroll", |stage, _| {
                stage.log.borrow_mut().scrolled()
            }),
        ];
        // On a phone the keyboard covers the page without changing its size; only this viewport tells.
        if let Some(viewport) = window.field("visualViewport") {
            for name in ["resize", "scroll"] {
                listeners.push(on(viewport.unchecked_ref(), name, |stage, event| {
                    if let Some(viewport) = event.field("target") {
                        stage.fit(&viewport);
                    }
                }));
            }
        }
        listeners
    }

    fn fit(&self, viewport: &JsValue) {
        for (name, size) in [("--seen", "height"), ("--above", "offsetTop")] {
            let mut px = digits(viewport.number_of(size) as u64);
            px.push_str("px");
            let _ = self.panel.style().set_property(name, &px);
        }
        self.log.borrow_mut().follow();
    }

    fn click(&self, event: &JsValue) {
        let target = event
            .field("target")
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = target.and_then(|target| target.closest("button").ok().flatten()) else {
            return;
        };
        match &*button.text_of("className") {
            "close" => self.session.host.close(),
            "send" => composer::send(&self.session, &self.field),
            "send stop" => self.session.dispatch(Event::StopWanted),
            "retry" => {
                self.session.dispatch(Event::RetryWanted);
                self.stay();
            }
            "jump" => {
                self.log.borrow_mut().jump();
                self.stay();
            }
            COPY => {
                let is_copied = markdown::copy(&button).is_ok_and(|is_copied| is_copied);
                if is_copied {
                    button.set_text_content(Some(self.session.words.copied));
                }
            }
            "chip" => {
                let is_choice = self.log.borrow().list.contains(Some(&button));
                self.session.write(&button.text_of("textContent"));
                if is_choice {
                    self.stay();
                } else {
                    let _ = self.field.focus();
                }
            }
            word => {
                let at = self.log.borrow().place_of(&button);
                if let (Some(at), Some(rating)) = (at, Rating::from_word(word)) {
                    self.session.dispatch(Event::Rated(at, rating));
                }
            }
        }
    }

    /// A button that goes when it is pressed leaves the focus with the messages; in the field it would call the keyboard
    /// of a phone over them.
    fn stay(&self) {
        let _ = self.log.borrow().list.unchecked_ref::<HtmlElement>().focus();
    }

    fn key(&self, event: &KeyboardEvent) {
        // 229: a key that goes to an input method, where `isComposing` comes too late.
        if is_true(event, "isComposing") || event.number_of("keyCode") as u32 == 229 {
            return;
        }
        match &*event.text_of("key") {
            "Escape" => self.session.host.close(),
            "Enter"
                if !is_true(event, "shiftKey")
                    && event
                        .field("target")
                        .is_some_and(|target| &target == AsRef::<JsValue>::as_ref(&self.field)) =>
            {
                event.prevent_default();
                composer::send(&self.session, &self.field);
            }
            _ => {}
        }
    }
}
