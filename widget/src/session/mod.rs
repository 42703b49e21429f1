//! The one effect runner: takes events to the rules (`chat`), and does what follows from them. It draws nothing: the
//! screen is handed the changes of the messages, and told after each event to bring all else up to date.

mod calls;
mod request;
mod socket;
mod tell;

use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Date, Function, Math};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Element, Window};

use crate::chat::update::update;
use crate::chat::{Chat, Effect, Event, Moment};
use crate::hook::Alarm;
use crate::options::Options;
use crate::storage::Storage;
use crate::text::{Words, words};
use crate::transport::decode::Json;
use crate::transport::json::is_true;
pub(crate) use tell::Host;

/// What draws the messages: it gets each change of them, and `None` when all changes of one event have been given.
pub(crate) type Screen = Box<dyn FnMut(&Session, Option<&Effect>)>;

pub(crate) struct Session {
    chat: RefCell<Chat>,
    options: RefCell<Options>,
    pub(crate) words: &'static Words,
    pub(crate) locale: String,
    pub(crate) storage: Storage,
    pub(crate) host: Host,
    /// What it writes there is said by screen readers.
    pub(crate) live: RefCell<Option<Element>>,
    /// By how many characters the text in the composer is too long.
    pub(crate) excess: Cell<usize>,
    /// The notice that was read out last.
    pub(crate) noticed: Cell<&'static str>,
    screen: RefCell<Option<Screen>>,
    window: Window,
    api: String,
    agent: String,
    token: RefCell<String>,
    queue: RefCell<Vec<Event>>,
    is_busy: Cell<bool>,
    is_over: Cell<bool>,
    deltas: RefCell<Vec<(String, String)>>,
    promises: RefCell<Vec<(String, Function, Function)>>,
    unread: Cell<u32>,
    life: AbortController,
    stream: RefCell<Option<AbortController>>,
    line: RefCell<Option<socket::Line>>,
    wake: Alarm,
    paint: Alarm,
}

impl Session {
    pub(crate) fn new(window: Window, life: AbortController, given: &JsValue, host: Host) -> Rc<Self> {
        let locale = given.text_of("locale");
        let (api, agent) = (given.text_of("apiUrl"), given.text_of("agentKey"));
        let words = words(&locale);
        let session = Rc::new_cyclic(|weak: &Weak<Self>| {
            let alarm = |call: fn(&Rc<Self>)| {
                let weak = weak.clone();
                Alarm::new(
                    window.clone(),
                    Box::new(move |_| {
                        if let Some(session) = weak.upgrade() {
                            call(&session);
                        }
                    }),
                )
            };
            Self {
                chat: RefCell::default(),
                options: RefCell::new(Options::resolve(given, words)),
                words,
                locale,
                storage: Storage::new(&api, &agent, &given.text_of("persistence")),
                host,
                live: RefCell::default(),
                excess: Cell::new(0),
                noticed: Cell::new(""),
                screen: RefCell::default(),
                wake: alarm(|session| session.dispatch(Event::Woke)),
                paint: alarm(Self::flush),
                window,
                api,
                agent,
                token: RefCell::default(),
                queue: RefCell::default(),
                is_busy: Cell::new(false),
                is_over: Cell::new(false),
                deltas: RefCell::default(),
                promises: RefCell::default(),
                unread: Cell::new(0),
                life,
                stream: RefCell::default(),
                line: RefCell::default(),
            }
        });
        let is_online = is_true(&session.window.field("navigator").unwrap_or_default(), "onLine");
        let is_hidden = session.is_hidden();
        let mut chat = session.chat.borrow_mut();
        chat.is_online = is_online;
        chat.is_hidden = is_hidden;
        drop(chat);
        session
    }

    /// The conversation as it stands. Once and not inlined: each borrow would bring its own check along.
    #[inline(never)]
    pub(crate) fn chat(&self) -> Ref<'_, Chat> {
        self.chat.borrow()
    }

    /// The options in force.
    #[inline(never)]
    pub(crate) fn options(&self) -> Ref<'_, Options> {
        self.options.borrow()
    }

    /// Whether nobody looks at the page.
    pub(crate) fn is_hidden(&self) -> bool {
        is_true(&self.window.field("document").unwrap_or_default(), "hidden")
    }

    /// The options in force, whole.
    pub(crate) fn set_options(&self, given: &JsValue) {
        *self.options.borrow_mut() = Options::resolve(given, self.words);
        self.draw(None);
    }

    /// From now on the messages are drawn; what was not delivered on an earlier page is taken up.
    pub(crate) fn show_on(self: &Rc<Self>, screen: Screen) {
        *self.screen.borrow_mut() = Some(screen);
        self.draw(None);
        for kept in self.storage.outbox() {
            self.dispatch(Event::Written {
                client_id: kept.client_id,
                content: kept.content,
                answers: kept.answers,
                at_ms: kept.at_ms,
            });
        }
    }

    /// The visitor, or the page for the visitor, writes. Gives the id under which it goes.
    pub(crate) fn write(self: &Rc<Self>, text: &str) -> String {
        let client_id = new_id();
        self.dispatch(Event::Written {
            client_id: client_id.clone(),
            content: String::from(text),
            answers: String::new(),
            at_ms: Date::now(),
        });
        client_id
    }

    /// Takes in what happened and does what follows. What happens meanwhile, a page's listener writing for one, waits its turn.
    pub(crate) fn dispatch(self: &Rc<Self>, event: Event) {
        if self.is_over.get() {
            return;
        }
        self.queue.borrow_mut().push(event);
        if self.is_busy.replace(true) {
            return;
        }
        while !self.queue.borrow().is_empty() {
            let event = self.queue.borrow_mut().remove(0);
            let is_seen = !matches!(event, Event::Heard);
            let moment = Moment {
                now_ms: Date::now(),
                random: Math::random(),
            };
            let effects = update(&mut self.chat.borrow_mut(), event, moment);
            for effect in effects {
                self.run(effect);
            }
            if is_seen {
                self.draw(None);
            }
        }
        self.is_busy.set(false);
        let chat = self.chat();
        match chat.wake_at_ms() {
            Some(at_ms) if !self.is_over.get() => self.wake.after((at_ms - chat.now_ms) as i32 + 1),
            _ => self.wake.clear(),
        }
    }

    /// Brings the screen up to date: with one change of the messages, or with all that has changed.
    pub(crate) fn draw(&self, effect: Option<&Effect>) {
        if let Some(screen) = &mut *self.screen.borrow_mut() {
            screen(self, effect);
        }
    }

    fn run(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Call(call) => self.call(call),
            Effect::HangUp => self.hang_up(),
            Effect::Keep(at) => {
                let chat = self.chat();
                let message = chat.message(at);
                self.storage.update_outbox(&message.client_id, Some(message));
            }
            Effect::Settle(at, is_delivered) => self.settle(at, is_delivered),
            Effect::Tell(at) => {
                self.draw(Some(&effect));
                self.tell_message(at);
            }
            Effect::TellSession => self.tell("session", &[("sessionId", &self.chat().session_id)]),
            Effect::TellRunStart => self.tell("run:start", &[("runId", &self.chat().run_id)]),
            Effect::TellRunEnd(status) => self.tell("run:end", &[("status", status.as_str())]),
            Effect::TellError(message, code) => {
                self.tell("error", &[("code", &code), ("message", &message)]);
                self.say(&message);
            }
            Effect::TellQuestion => self.tell_question(),
            Effect::Refuse => self.host.refused(),
            on_screen => self.draw(Some(&on_screen)),
        }
    }

    /// A piece of an answer: many of them make one change of the screen.
    fn grow(self: &Rc<Self>, id: String, delta: &str) {
        let mut deltas = self.deltas.borrow_mut();
        match deltas.last_mut() {
            Some(last) if last.0 == id => last.1.push_str(delta),
            _ => deltas.push((id, String::from(delta))),
        }
        drop(deltas);
        // Nobody paints a page that is not looked at, and its badge and its listeners should know all the same.
        if self.chat().is_hidden {
            self.flush();
        } else {
            self.paint.with_frame();
        }
    }

    /// Shows the pieces that wait for a frame.
    fn flush(self: &Rc<Self>) {
        for (id, delta) in self.deltas.take() {
            self.dispatch(Event::AnswerGrew(id, delta));
        }
    }

    /// Nothing is done from now on, and nothing is left behind.
    pub(crate) fn end(&self) {
        self.is_over.set(true);
        self.life.abort();
        self.hang_up();
        self.wake.clear();
        self.paint.clear();
        *self.screen.borrow_mut() = None;
        *self.live.borrow_mut() = None;
        for (_, _, reject) in self.promises.take() {
            let _ = reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new("destroyed"));
        }
    }
}

/// Unique among the messages of one conversation; no secret.
fn new_id() -> String {
    let mut id = String::from("m");
    for _ in 0..22 {
        id.push(char::from(b'a' + (Math::random() * 26.0) as u8));
    }
    id
}
