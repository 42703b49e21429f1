//! The panel in the div that the shim hands over: mounts it, listens to the page around it, takes it away.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Element, EventTarget, HtmlElement, HtmlTextAreaElement, KeyboardEvent, Window};

use crate::app::app;
use crate::chat::Event;
use crate::hook::Listener;
use crate::session::{Host, Session};
use crate::storage::DRAFT;
use crate::theme::Theme;
use crate::transport::decode::Json;
use crate::view::composer;
use crate::view::log::Log;
use crate::view::message::Setting;

/// What has to be undone; dropped, it is.
struct Mounted {
    _listeners: Vec<Listener>,
    _view: Box<dyn Any>,
    _theme: Option<Theme>,
}

pub(crate) struct Panel {
    session: Rc<Session>,
    field: Option<HtmlTextAreaElement>,
    log: Rc<RefCell<Option<Log>>>,
    mounted: RefCell<Option<Mounted>>,
}

impl Panel {
    pub(crate) fn mount(root: HtmlElement, options: &JsValue, host: Host) -> Self {
        // Both are there in every browser that runs WASM.
        let (Some(window), Ok(life)) = (web_sys::window(), AbortController::new()) else {
            wasm_bindgen::throw_str("no window")
        };
        let theme = Theme::adopt(root.get_root_node().into());
        let session = Session::new(window.clone(), life, options, host);
        let cx = SendWrapper::new(session.clone());
        let view = leptos::mount::mount_to(root.clone(), move || app(&cx));
        let find = |selector: &str| root.query_selector(selector).ok().flatten();
        let field: Option<HtmlTextAreaElement> = find("textarea").map(JsCast::unchecked_into);
        let log = Rc::new(RefCell::new(log(&window, &session, find)));
        let drawn = log.clone();
        session.show_on(Box::new(move |chat, effect| {
            if let Some(log) = &mut *drawn.borrow_mut() {
                log.show(chat, effect);
            }
        }));
        let panel = Self {
            session,
            field,
            log,
            mounted: RefCell::default(),
        };
        let listeners = panel.listeners(&window, &root, find);
        *panel.mounted.borrow_mut() = Some(Mounted {
            _listeners: listeners,
            _view: Box::new(view),
            _theme: theme,
        });
        panel.dress();
        if let Some(field) = &panel.field {
            field.set_value(&panel.session.storage.read(DRAFT));
            composer::follow(&panel.session, field);
        }
        panel
    }

    fn listeners(&self, window: &Window, root: &HtmlElement, find: impl Fn(&str) -> Option<Element>) -> Vec<Listener> {
        let mut listeners = Vec::new();
        let mut listen = |target: &EventTarget, name: &'static str, call: Box<dyn FnMut(JsValue)>| {
            listeners.push(Listener::new(target, name, call));
        };
        for (name, event) in [
            ("online", Event::Online(true)),
            ("offline", Event::Online(false)),
            ("pagehide", Event::Shown(false)),
            ("pageshow", Event::Shown(true)),
        ] {
            let session = self.session.clone();
            listen(window, name, Box::new(move |_| session.dispatch(event.clone())));
        }
        let session = self.session.clone();
        listen(
            root,
            "keydown",
            Box::new(move |event| {
                let event: &KeyboardEvent = event.unchecked_ref();
                if event.key() == "Escape" && !event.is_composing() {
                    session.host.close();
                }
            }),
        );
        if let (Some(list), Some(jump)) = (find(".log"), find(".jump")) {
            let log = self.log.clone();
            listen(&list, "scroll", Box::new(move |_| with(&log, Log::scrolled)));
            let log = self.log.clone();
            listen(&jump, "click", Box::new(move |_| with(&log, Log::jump)));
            let session = self.session.clone();
            listen(
                &list,
                "click",
                Box::new(move |event| {
                    let target = event
                        .field("target")
                        .and_then(|target| target.dyn_into::<Element>().ok());
                    if target.is_some_and(|target| target.class_name() == "retry") {
                        session.dispatch(Event::RetryWanted);
                    }
                }),
            );
        }
        // On a phone the keyboard covers the page without changing its size; only this viewport tells.
        if let (Some(viewport), Some(panel)) = (window.visual_viewport(), find(".panel")) {
            let log = self.log.clone();
            let seen = viewport.clone();
            let fit = move |_| {
                let style = panel.unchecked_ref::<HtmlElement>().style();
                for (name, size) in [("--seen", seen.height()), ("--above", seen.offset_top())] {
                    let mut px = (size as u32).to_string();
                    px.push_str("px");
                    let _ = style.set_property(name, &px);
                }
                with(&log, Log::follow);
            };
            listen(&viewport, "resize", Box::new(fit.clone()));
            listen(&viewport, "scroll", Box::new(fit));
        }
        listeners
    }

    /// Puts on the options that no reactive text follows.
    fn dress(&self) {
        let welcome = self.session.options.borrow().welcome.clone();
        with(&self.log, |log| log.welcome(&welcome));
    }

    pub(crate) fn open(&self) {
        self.session.count_unread(0);
        self.session.dispatch(Event::Opened(true));
        with(&self.log, Log::follow);
        if let Some(field) = &self.field {
            let _ = field.focus();
        }
    }

    pub(crate) fn close(&self) {
        self.session.dispatch(Event::Opened(false));
    }

    pub(crate) fn send(&self, text: &str) -> Promise {
        let client_id = self.session.write(text);
        self.session.promise(&client_id)
    }

    pub(crate) fn set_options(&self, options: &JsValue) {
        self.session.set_options(options);
        self.dress();
    }

    pub(crate) fn destroy(&self) {
        self.session.end();
        *self.log.borrow_mut() = None;
        *self.mounted.borrow_mut() = None;
    }
}

fn with(log: &RefCell<Option<Log>>, call: impl FnOnce(&mut Log)) {
    if let Some(log) = &mut *log.borrow_mut() {
        call(log);
    }
}

fn log(window: &Window, session: &Session, find: impl Fn(&str) -> Option<Element>) -> Option<Log> {
    let live = find(".live")?;
    *session.live.borrow_mut() = Some(live.clone());
    let setting = Setting {
        document: window.document()?,
        words: session.words,
        locale: session.locale.clone(),
    };
    Log::new(setting, find(".log")?, find(".jump")?, live)
}
