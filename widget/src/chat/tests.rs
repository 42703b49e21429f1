//! The rules, event by event: what is shown and what is done.

use atthene_protocol::event::{Role, Status};

use super::update::update;
use super::*;

const START: f64 = 1_000_000.0;

/// A chat with a clock of its own.
struct Stage {
    chat: Chat,
    now_ms: f64,
}

impl Stage {
    fn new() -> Self {
        Self {
            chat: Chat::default(),
            now_ms: START,
        }
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        update(
            &mut self.chat,
            event,
            Moment {
                now_ms: self.now_ms,
                random: 0.5,
            },
        )
    }

    fn wait(&mut self, ms: f64) -> Vec<Effect> {
        self.now_ms += ms;
        self.take(Event::Woke)
    }

    fn write(&mut self, client_id: &str, content: &str) -> Vec<Effect> {
        self.take(Event::Written {
            client_id: client_id.into(),
            content: content.into(),
            at_ms: START,
        })
    }

    /// Open, with a session and a live stream.
    fn live() -> Self {
        let mut stage = Self::new();
        stage.take(Event::Opened(true));
        stage.take(Event::Started(session("ses_1", Vec::new())));
        stage.take(Event::Listening);
        stage
    }

    fn posted(&mut self, client_id: &str, run_id: &str) -> Vec<Effect> {
        self.take(Event::Posted {
            client_id: client_id.into(),
            message_id: format!("msg_{client_id}"),
            run_id: run_id.into(),
        })
    }

    /// With a question asked and the answer begun.
    fn answering() -> Self {
        let mut stage = Self::live();
        stage.write("a", "Hello?");
        stage.posted("a", "run_1");
        stage.take(Event::AnswerBegan("msg_9".into()));
        stage.take(Event::AnswerGrew("msg_9".into(), "Good".into()));
        stage
    }
}

fn session(id: &str, messages: Vec<MessageSeen>) -> SessionStarted {
    SessionStarted {
        session_id: id.into(),
        messages,
        run_id: String::new(),
        last_seq: 7,
        token_ms: 900_000.0,
    }
}

fn answer(status: Status, content: &str) -> MessageSeen {
    MessageSeen {
        id: "msg_9".into(),
        client_id: String::new(),
        run_id: "run_1".into(),
        role: Role::Assistant,
        content: content.into(),
        status,
        at_ms: START,
    }
}

fn calls(effects: &[Effect]) -> Vec<Call> {
    effects
        .iter()
        .filter_map(|e| {
            if let Effect::Call(call) = e {
                Some(call.clone())
            } else {
                None
            }
        })
        .collect()
}

fn post(client_id: &str, content: &str) -> Call {
    Call::Post {
        client_id: client_id.into(),
        content: content.into(),
    }
}

#[test]
fn nothing_is_asked_of_the_server_before_the_panel_opens() {
    let mut stage = Stage::new();
    assert_eq!(calls(&stage.take(Event::Woke)), []);
    assert_eq!(stage.chat.wake_at_ms(), None);
    assert_eq!(calls(&stage.take(Event::Opened(true))), [Call::Start]);
}

#[test]
fn a_started_session_is_listened_to_after_its_last_number() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects), [Call::Listen(7)]);
    assert!(effects.contains(&Effect::TellSession));
}

#[test]
fn a_message_is_shown_at_once_and_sent_when_the_session_is_there() {
    let mut stage = Stage::new();
    let effects = stage.write("a", "Hello?");
    assert!(effects.contains(&Effect::Insert(0)) && effects.contains(&Effect::Keep(0)));
    assert_eq!(calls(&effects), [Call::Start]);
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects), [Call::Listen(7), post("a", "Hello?")]);
    assert_eq!(stage.chat.messages[0].delivery, Delivery::Sending);
}

#[test]
fn a_delivered_message_is_told_once_whoever_says_so_first() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    let seen = MessageSeen {
        id: "msg_a".into(),
        client_id: "a".into(),
        role: Role::User,
        ..answer(Status::Completed, "Hello?")
    };
    let effects = stage.take(Event::MessageTold(seen));
    assert!(effects.contains(&Effect::Tell(0)) && effects.contains(&Effect::Settle(0, true)));
    let effects = stage.posted("a", "run_1");
    assert!(!effects.contains(&Effect::Tell(0)) && !effects.contains(&Effect::Settle(0, true)));
    assert_eq!(stage.chat.messages.len(), 1);
    assert!(stage.chat.is_running());
}

#[test]
fn a_late_answer_to_a_post_does_not_start_an_ended_turn_again() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.take(Event::RunTold("run_1".into(), Status::Running));
    stage.take(Event::RunTold("run_1".into(), Status::Completed));
    stage.posted("a", "run_1");
    assert!(!stage.chat.is_running());
}

#[test]
fn the_answer_grows_in_place_and_is_told_once_when_it_is_complete() {
    let mut stage = Stage::answering();
    assert!(!stage.chat.is_typing());
    assert_eq!(
        stage.take(Event::AnswerGrew("msg_9".into(), " day".into())),
        [Effect::Append(1, " day".into())]
    );
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Completed));
    assert_eq!(
        effects,
        [Effect::Mark(1), Effect::Tell(1), Effect::TellRunEnd(Status::Completed)]
    );
    let effects = stage.take(Event::MessageTold(answer(Status::Completed, "Good day")));
    assert_eq!(effects, [Effect::Mark(1)], "the same thing told again changes nothing");
}

#[test]
fn typing_is_shown_until_the_first_piece() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    assert!(stage.chat.is_typing());
    stage.take(Event::AnswerBegan("msg_9".into()));
    assert!(stage.chat.is_typing());
    stage.take(Event::AnswerGrew("msg_9".into(), "G".into()));
    assert!(!stage.chat.is_typing());
}

#[test]
fn what_is_written_during_a_turn_waits_for_its_end() {
    let mut stage = Stage::answering();
    assert_eq!(calls(&stage.write("b", "More?")), []);
    assert_eq!(stage.chat.messages[2].delivery, Delivery::Waiting);
    assert_eq!(
        calls(&stage.take(Event::RunTold("run_1".into(), Status::Completed))),
        [post("b", "More?")]
    );
}

#[test]
fn a_turn_of_another_tab_keeps_the_message_until_it_ends() {
    let mut stage = Stage::live();
    stage.write("b", "More?");
    stage.take(Event::Failed(post("b", "More?"), Failure::Busy));
    assert_eq!(stage.chat.messages[0].delivery, Delivery::Waiting);
    stage.take(Event::RunTold("run_7".into(), Status::Running));
    assert_eq!(calls(&stage.wait(10_000.0)), []);
    assert_eq!(
        calls(&stage.take(Event::RunTold("run_7".into(), Status::Completed))).last(),
        Some(&post("b", "More?"))
    );
}

#[test]
fn a_pause_counts_down_and_then_the_message_goes() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.take(Event::Failed(post("a", "Hello?"), Failure::Pause(12_000.0)));
    assert_eq!(stage.chat.notice(), Notice::Pause(13));
    assert_eq!(stage.chat.wake_at_ms(), Some(START + 1000.0));
    assert_eq!(calls(&stage.wait(1_000.0)), []);
    assert_eq!(stage.chat.notice(), Notice::Pause(12));
    assert_eq!(calls(&stage.wait(11_000.0)), [post("a", "Hello?")]);
    assert_eq!(stage.chat.notice(), Notice::None);
}

#[test]
fn messages_written_offline_go_once_and_in_order_when_the_line_is_back() {
    let mut stage = Stage::live();
    stage.write("a", "One");
    stage.take(Event::Failed(post("a", "One"), Failure::Network));
    stage.take(Event::Online(false));
    stage.write("b", "Two");
    assert_eq!(stage.chat.notice(), Notice::Offline);
    assert_eq!(
        calls(&stage.take(Event::Online(true))),
        [Call::Listen(7), post("a", "One")]
    );
    stage.take(Event::Listening);
    stage.posted("a", "run_1");
    assert_eq!(
        calls(&stage.take(Event::RunTold("run_1".into(), Status::Completed))),
        [post("b", "Two")]
    );
}

#[test]
fn a_refused_message_is_settled_and_not_sent_again() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    let effects = stage.take(Event::Failed(post("a", "Hello?"), Failure::Refused));
    assert!(effects.contains(&Effect::Settle(0, false)));
    assert_eq!(
        calls(&stage.wait(60_000.0))
            .iter()
            .filter(|call| matches!(call, Call::Post { .. }))
            .count(),
        0
    );
}

#[test]
fn an_expired_token_is_renewed_and_the_message_kept() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    assert_eq!(
        calls(&stage.take(Event::Failed(post("a", "Hello?"), Failure::Token))),
        [Call::Renew]
    );
    assert_eq!(
        calls(&stage.take(Event::Renewed(900_000.0))),
        [Call::Listen(7), post("a", "Hello?")]
    );
}

#[test]
fn a_token_that_cannot_be_renewed_starts_the_session_again() {
    let mut stage = Stage::live();
    stage.take(Event::Ended(4401, 0.0));
    assert_eq!(stage.chat.link, Link::Renewing);
    assert_eq!(
        calls(&stage.take(Event::Failed(Call::Renew, Failure::Token))),
        [Call::Start]
    );
}

#[test]
fn a_renewal_ahead_of_time_leaves_the_stream_alone() {
    let mut stage = Stage::live();
    for _ in 0..28 {
        stage.wait(30_000.0);
        stage.take(Event::Heard);
    }
    assert_eq!(stage.chat.link, Link::Live);
    assert_eq!(stage.take(Event::Renewed(900_000.0)), []);
    assert_eq!(stage.chat.link, Link::Live);
}

#[test]
fn a_silent_stream_is_opened_again() {
    let mut stage = Stage::live();
    let effects = stage.wait(46_000.0);
    assert!(effects.contains(&Effect::HangUp));
    assert_eq!(calls(&effects), [Call::Listen(7)]);
}

#[test]
fn a_cut_stream_backs_off_and_says_so_only_when_it_lasts() {
    let mut stage = Stage::live();
    assert_eq!(calls(&stage.take(Event::Ended(0, 0.0))), []);
    assert_eq!(stage.chat.notice(), Notice::None);
    assert_eq!(calls(&stage.wait(1_000.0)), [Call::Listen(7)]);
    assert_eq!(
        calls(&stage.take(Event::Failed(Call::Listen(7), Failure::Network))),
        [Call::Probe]
    );
    let effects = stage.take(Event::Probed(false));
    assert!(effects.contains(&Effect::Unreachable(true)));
    assert_eq!(stage.chat.notice(), Notice::Lost);
    stage.wait(30_000.0);
    assert!(stage.take(Event::Listening).contains(&Effect::Unreachable(false)));
    assert_eq!(stage.chat.notice(), Notice::None);
}

#[test]
fn a_page_is_refused_when_the_probe_is_answered_and_the_request_is_not() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    assert_eq!(
        calls(&stage.take(Event::Failed(Call::Start, Failure::Network))),
        [Call::Probe]
    );
    // A server that came up just now answers the probe only: the request is tried once more.
    assert_eq!(calls(&stage.take(Event::Probed(true))), [Call::Start]);
    stage.take(Event::Failed(Call::Start, Failure::Network));
    assert!(stage.take(Event::Probed(true)).contains(&Effect::Refuse));
    assert_eq!(calls(&stage.wait(60_000.0)), []);
}

#[test]
fn an_unreachable_server_is_said_at_once_and_tried_again() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    stage.take(Event::Failed(Call::Start, Failure::Network));
    assert!(stage.take(Event::Probed(false)).contains(&Effect::Unreachable(true)));
    assert_eq!(stage.chat.notice(), Notice::Unreachable);
    assert_eq!(calls(&stage.wait(30_000.0)), [Call::Start]);
}

#[test]
fn withdrawn_access_ends_everything() {
    let mut stage = Stage::live();
    assert!(stage.take(Event::Ended(4403, 0.0)).contains(&Effect::Refuse));
    assert_eq!(calls(&stage.write("a", "Hello?")), []);
}

#[test]
fn a_failed_turn_can_be_run_again() {
    let mut stage = Stage::answering();
    let effects = stage.take(Event::RunFailed("The model did not answer.".into(), "c".into()));
    assert!(effects.contains(&Effect::TellError("The model did not answer.".into(), "c".into())));
    assert!(effects.contains(&Effect::TellRunEnd(Status::Error)));
    assert!(stage.chat.can_retry());
    assert_eq!(calls(&stage.take(Event::RetryWanted)), [Call::Retry]);
    stage.take(Event::RunTold("run_2".into(), Status::Running));
    assert!(!stage.chat.can_retry());
    let effects = stage.take(Event::MessageTold(MessageSeen {
        run_id: "run_2".into(),
        ..answer(Status::Running, "")
    }));
    assert_eq!(effects, [Effect::Replace(1), Effect::Mark(1)]);
    assert!(stage.chat.is_typing());
}

#[test]
fn a_turn_that_fails_before_its_answer_begins_still_has_a_place() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    stage.take(Event::RunFailed("No model.".into(), "c".into()));
    assert_eq!((stage.chat.messages.len(), stage.chat.can_retry()), (2, true));
    stage.take(Event::MessageTold(answer(Status::Error, "")));
    assert_eq!((stage.chat.messages.len(), &*stage.chat.messages[1].id), (2, "msg_9"));
    assert_eq!(stage.chat.messages[1].problem, "No model.");
}

#[test]
fn a_stopped_turn_keeps_what_came() {
    let mut stage = Stage::answering();
    assert_eq!(calls(&stage.take(Event::StopWanted)), [Call::Stop]);
    assert_eq!(calls(&stage.take(Event::StopWanted)), [], "once is enough");
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Stopped));
    assert!(effects.contains(&Effect::TellRunEnd(Status::Stopped)) && !effects.contains(&Effect::Tell(1)));
    assert_eq!(
        (&*stage.chat.messages[1].content, stage.chat.messages[1].status),
        ("Good", Status::Stopped)
    );
}

#[test]
fn a_resumed_session_shows_its_history_and_goes_on_with_the_running_answer() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let question = MessageSeen {
        id: "msg_1".into(),
        role: Role::User,
        ..answer(Status::Completed, "Hello?")
    };
    let started = SessionStarted {
        run_id: "run_1".into(),
        ..session("ses_1", vec![question, answer(Status::Running, "Go")])
    };
    let effects = stage.take(Event::Started(started));
    assert!(effects.contains(&Effect::Redraw) && !effects.contains(&Effect::Tell(0)));
    assert!(stage.chat.is_running() && !stage.chat.is_typing());
    stage.take(Event::Listening);
    let effects = stage.take(Event::MessageTold(answer(Status::Running, "Good")));
    assert_eq!(effects, [Effect::Replace(1), Effect::Mark(1)]);
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Completed));
    assert!(effects.contains(&Effect::Tell(1)));
}

#[test]
fn another_conversation_takes_only_what_was_not_delivered() {
    let mut stage = Stage::answering();
    stage.write("b", "More?");
    stage.take(Event::Ended(0, 0.0));
    stage.wait(1_000.0);
    stage.take(Event::Failed(Call::Listen(7), Failure::Gone));
    let effects = stage.take(Event::Started(session("ses_2", Vec::new())));
    assert_eq!(
        stage.chat.messages.iter().map(|m| &*m.client_id).collect::<Vec<_>>(),
        ["b"]
    );
    assert_eq!(calls(&effects), [Call::Listen(7), post("b", "More?")]);
}

#[test]
fn a_page_that_is_put_away_hangs_up_and_comes_back_where_it_was() {
    let mut stage = Stage::answering();
    assert!(stage.take(Event::Shown(false)).contains(&Effect::HangUp));
    assert_eq!(stage.chat.wake_at_ms(), None);
    assert_eq!(calls(&stage.take(Event::Shown(true))), [Call::Listen(7)]);
}

#[test]
fn a_closed_panel_listens_until_the_turn_ends() {
    let mut stage = Stage::answering();
    assert!(!stage.take(Event::Opened(false)).contains(&Effect::HangUp));
    assert!(
        stage
            .take(Event::RunTold("run_1".into(), Status::Completed))
            .contains(&Effect::HangUp)
    );
}

#[test]
fn pieces_of_an_answer_that_nobody_announced_change_nothing() {
    let mut stage = Stage::live();
    assert_eq!(stage.take(Event::AnswerGrew("msg_77".into(), "x".into())), []);
    assert_eq!(stage.take(Event::RetryWanted), []);
    assert_eq!(stage.take(Event::StopWanted), []);
}
