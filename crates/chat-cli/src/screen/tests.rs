//! The screen in tests: keys and events in, rows out.

use chat_client::{
    Arrival, Event, LeaveWhy, Message, Mode, MsgId, Outcome, Person, RoomInfo, RoomKind, Welcomed,
    Whereabouts,
};
use ratatui::{
    buffer::Buffer,
    crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers},
    layout::{Position, Rect, Size},
};

use super::{
    app::{App, Effect},
    look::Look,
    picture::draw,
};

const NOW: u64 = 1_795_500_120_000;

struct Screen {
    app: App,
}

fn person(sid: u64, nick: &str) -> Person {
    Person {
        sid,
        nick: nick.to_owned().into(),
        seal: None,
        mode: Mode::V1,
        since: 0,
        is: Whereabouts::Here,
    }
}

fn message(sid: u64, nick: &str, text: &str) -> Event {
    let (nick, text) = (nick.to_owned().into(), text.to_owned().into());
    let own = sid == 2;
    Event::Message(Message { seq: 1, ts: NOW, off_clock: false, sid, nick, code: None, text, own })
}

impl Screen {
    /// Ann in a room with Ben.
    fn new(width: u16, height: u16) -> Self {
        let app = App::new(Look::in_utc(false), true, Size { width, height }, NOW);
        let mut screen = Self { app };
        let expires = NOW + 3_600_000;
        let room = RoomInfo { kind: RoomKind::Plain, created: NOW, expires, history: 9, max: 9 };
        let people = vec![person(1, "Ben"), person(2, "Ann")];
        let arrival = Arrival::First;
        let welcomed = Welcomed { arrival, sid: 2, room, people, seq: 1, now: NOW };
        screen.event(Event::Welcomed(Box::new(welcomed)));
        screen.event(Event::Live { seq: 1 });
        screen
    }

    fn event(&mut self, event: Event) {
        self.app.handle_event(event, NOW);
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.app.handle_input(Input::Key(KeyEvent::new(code, modifiers)), NOW);
    }

    fn key(&mut self, code: KeyCode) {
        self.press(code, KeyModifiers::NONE);
    }

    fn type_in(&mut self, text: &str) {
        text.chars().for_each(|c| self.key(KeyCode::Char(c)));
    }

    /// What was wanted, but for typing.
    fn effects(&mut self) -> Vec<Effect> {
        let all = std::iter::from_fn(|| self.app.poll_effect());
        all.filter(|effect| !matches!(effect, Effect::Typing(_))).collect()
    }

    fn say(&mut self, text: &str) -> Vec<Effect> {
        self.type_in(text);
        self.key(KeyCode::Enter);
        self.effects()
    }

    fn picture(&self) -> (Vec<String>, Position) {
        let mut buffer = Buffer::empty(Rect::from((Position::ORIGIN, self.app.size)));
        let cursor = draw(&self.app, &mut buffer);
        let width = usize::from(self.app.size.width);
        let row = |cells: &[ratatui::buffer::Cell]| {
            let text: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
            text.trim_end().to_owned()
        };
        (buffer.content.chunks(width).map(row).collect(), cursor)
    }

    fn rows(&self) -> Vec<String> {
        self.picture().0
    }

    fn shows(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.contains(text))
    }
}

#[test]
fn where_the_others_are_stands_beside_their_names() {
    let mut screen = Screen::new(80, 8);
    let states = [Whereabouts::Away, Whereabouts::Lost, Whereabouts::Here];
    for (n, is) in (3..).zip(states) {
        screen.app.people.push(Person { is, mode: Mode::Plain, ..person(n, "A longer name") });
    }
    let side = |row: &String| row.split("│ ").nth(1).unwrap_or_default().trim().to_owned();
    screen.app.handle_input(Input::Resize(80, 12), NOW);
    let rows: Vec<String> = screen.rows().iter().map(side).collect();
    let longer = ["A longer name (away)", "A long… (reconnecting)", "A lon… (simple client)"];
    assert_eq!(rows[3..6], longer);
}

#[test]
fn a_wide_screen_has_the_people_at_its_side_and_a_small_one_has_all_the_same() {
    let mut screen = Screen::new(80, 8);
    screen.event(message(1, "Ben", "hello"));
    screen.type_in("hi");
    let (rows, cursor) = screen.picture();
    assert_eq!(
        rows,
        [
            "── Tuesday, 24 November 2026 ────────────────────────── │ 2 here",
            "06:02 * here now: Ben, Ann (you)                        │ Ben",
            "06:02 * this room is plain, not encrypted: whoever runs │ Ann (you)",
            "        the server can read all of it                   │",
            "06:02 Ben: hello                                        │ not encrypted",
            "                                                        │ ends in 60 min",
            " connected · NOT encrypted · 2 here · /help",
            "> hi",
        ]
    );
    assert_eq!(cursor, Position { x: 4, y: 7 });
    screen.app.handle_input(Input::Resize(40, 10), NOW);
    assert_eq!(
        screen.rows()[4..],
        [
            "        server can read all of it",
            "06:02 Ben: hello",
            "",
            "",
            " connected · NOT encrypted · 2 here · /…",
            "> hi",
        ]
    );
}

#[test]
fn any_size_is_drawn() {
    for (width, height) in [(1, 1), (2, 2), (3, 1), (1, 9), (10, 3), (80, 1), (80, 3), (79, 2)] {
        let mut screen = Screen::new(width, height);
        screen.event(message(1, "Ben", "日本語 one two"));
        screen.type_in("日本語");
        let cursor = screen.picture().1;
        assert!(cursor.x < width && cursor.y < height, "{width}x{height}: {cursor:?}");
    }
}

#[test]
fn what_is_written_is_sent_is_on_its_way_and_arrives() {
    let mut screen = Screen::new(60, 9);
    assert_eq!(screen.say("hi"), [Effect::Say("hi".into())]);
    let id: MsgId = "m1".parse().unwrap();
    screen.app.sent(id, "hi".into());
    assert!(screen.shows("Ann: hi (on its way)"));
    screen.event(message(2, "Ann", "hi"));
    screen.event(Event::Acknowledged { id, seq: 2 });
    assert!(screen.shows("Ann: hi") && !screen.shows("on its way"));
    assert!(screen.say("  ").is_empty());
}

#[test]
fn what_could_not_be_sent_comes_back_with_its_reason() {
    let mut screen = Screen::new(60, 12);
    screen.say("long");
    screen.app.not_sent("long".into(), "too long");
    assert!(screen.shows("not sent: too long") && screen.shows("> long"));
    screen.key(KeyCode::Enter);
    let id: MsgId = "m1".parse().unwrap();
    screen.app.sent(id, "long".into());
    let code = chat_client::ErrorCode::TooBig;
    screen.event(Event::Refused { id: Some(id), code, message: "no".into() });
    assert!(screen.shows("the server refused it: no") && screen.shows("> long"));
    screen.event(Event::Unconfirmed { id, text: "x".into() });
    assert!(screen.shows("this may not have arrived: x"));
}

#[test]
fn commands_do_what_the_table_says() {
    let mut screen = Screen::new(80, 24);
    assert!(
        matches!(&screen.say("/nick Anna")[..], [Effect::Rename(nick)] if nick.as_str() == "Anna")
    );
    assert_eq!(screen.say("/me waves"), [Effect::Say("*waves*".into())]);
    assert_eq!(screen.say("//me"), [Effect::Say("/me".into())]);
    assert!(matches!(screen.say("/help")[..], [Effect::Answer(_)]));
    assert!(screen.say("/nik x").is_empty());
    assert!(screen.shows("there is no command /nik") && screen.shows("> /nik x"));
    screen.press(KeyCode::Char('u'), KeyModifiers::CONTROL);
    assert!(screen.say("/nick \u{202e}").is_empty());
    assert_eq!(screen.say("/leave"), [Effect::Leave]);
    assert!(screen.rows()[22].starts_with(" leaving ·"));
}

#[test]
fn a_paste_is_one_message_and_enter_may_break_the_line() {
    let mut screen = Screen::new(60, 12);
    screen.app.handle_input(Input::Paste("one\r\ntwo\rthree".into()), NOW);
    assert_eq!(screen.rows()[9..], ["> one", "  two", "  three"]);
    screen.press(KeyCode::Enter, KeyModifiers::ALT);
    screen.press(KeyCode::Char('j'), KeyModifiers::CONTROL);
    assert_eq!(screen.say("x"), [Effect::Say("one\ntwo\nthree\n\nx".into())]);
}

#[test]
fn tab_completes_and_the_arrows_bring_back_what_was_said() {
    let mut screen = Screen::new(60, 9);
    screen.type_in("b");
    screen.key(KeyCode::Tab);
    assert_eq!(screen.say("hi"), [Effect::Say("Ben: hi".into())]);
    screen.type_in("/c");
    screen.key(KeyCode::Tab);
    assert_eq!(screen.rows()[8], "> /code");
    screen.key(KeyCode::Up);
    assert_eq!(screen.rows()[8], "> Ben: hi");
    screen.key(KeyCode::Down);
    assert_eq!(screen.rows()[8], "> /code");
}

#[test]
fn what_came_while_one_was_away_is_marked_and_rung_for() {
    let mut screen = Screen::new(60, 12);
    screen.app.handle_input(Input::FocusGained, NOW);
    screen.event(message(1, "Ben", "seen"));
    assert!(screen.effects().is_empty() && !screen.shows("new since"));
    screen.app.handle_input(Input::FocusLost, NOW);
    screen.event(message(1, "Ben", "first"));
    screen.event(message(1, "Ben", "second"));
    assert_eq!(screen.effects(), [Effect::Bell, Effect::Bell]);
    let rows = screen.rows();
    let at = rows.iter().position(|row| row.contains("new since you looked")).unwrap();
    assert!(rows[at - 1].ends_with("seen") && rows[at + 1].ends_with("first"));
    screen.event(message(2, "Ann", "own"));
    assert!(screen.effects().is_empty());
    screen.key(KeyCode::Esc);
    assert!(!screen.shows("new since"));
}

#[test]
fn scrolling_stays_where_it_is_and_says_what_comes_below() {
    let mut screen = Screen::new(60, 6);
    for n in 0..20 {
        screen.event(message(1, "Ben", &format!("line {n}")));
    }
    screen.key(KeyCode::PageUp);
    assert!(screen.shows("line 13") && screen.shows("scrolled back: Esc"));
    screen.event(message(1, "Ben", "news"));
    assert!(!screen.shows("news") && screen.shows("1 new below: Esc"));
    screen.key(KeyCode::PageDown);
    screen.key(KeyCode::PageDown);
    assert!(screen.shows("news") && !screen.shows("below"));
}

#[test]
fn the_connection_is_told_in_words() {
    let mut screen = Screen::new(70, 12);
    for _ in 0..2 {
        screen.event(Event::Waiting { in_ms: 2500, why: Outcome::Silent });
    }
    assert!(screen.shows(" not connected, next try in 3 s ·"));
    assert_eq!(screen.app.poll_timeout(), Some(NOW + 1000));
    screen.app.handle_timeout(NOW + 1000);
    assert!(screen.shows("next try in 2 s"));
    screen.app.handle_timeout(NOW + 3000);
    assert!(screen.shows("not connected, trying"));
    screen.event(Event::Live { seq: 1 });
    assert!(screen.shows(" connected ·"));
    let told = |text| screen.rows().iter().filter(|row| row.contains(text)).count();
    assert_eq!((told("coming back by itself"), told("connected again")), (1, 1));
}

#[test]
fn typing_is_told_while_it_lasts_and_shown() {
    let mut screen = Screen::new(80, 9);
    screen.type_in("hi");
    assert_eq!(screen.app.poll_effect(), Some(Effect::Typing(true)));
    let due = screen.app.poll_timeout().unwrap();
    screen.app.handle_timeout(due);
    assert_eq!(screen.app.poll_effect(), Some(Effect::Typing(false)));
    screen.press(KeyCode::Char('u'), KeyModifiers::CONTROL);
    screen.type_in("/nick");
    assert_eq!(screen.app.poll_effect(), None, "nobody is told of a command");
    screen.event(Event::Typing { sid: 1, nick: Some("Ben".into()), on: true });
    assert!(screen.shows("Ben is typing") && screen.shows("│ Ben …"));
    screen.event(Event::Left { seq: 3, ts: NOW, sid: 1, nick: None, why: LeaveWhy::Bye });
    assert!(!screen.shows("is typing"));
}

#[test]
fn keys_suspend_draw_anew_and_leave() {
    let mut screen = Screen::new(80, 9);
    for (key, effect) in
        [('z', Effect::Suspend), ('l', Effect::Redraw), ('d', Effect::Leave), ('c', Effect::Quit)]
    {
        screen.press(KeyCode::Char(key), KeyModifiers::CONTROL);
        assert_eq!(screen.effects(), [effect]);
    }
}

#[test]
fn nothing_hostile_is_drawn_and_emoji_stay_whole() {
    let mut screen = Screen::new(80, 20);
    let family = "👩\u{200d}👩\u{200d}👧";
    let hostile = format!("\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}31m\u{202e}\u{200b}\u{e0041}\0x{family}");
    screen.event(message(1, &hostile, &hostile));
    screen.event(Event::Joined { seq: 1, ts: NOW, person: person(3, &hostile) });
    screen.event(Event::Typing { sid: 3, nick: Some(hostile.clone().into()), on: true });
    screen.app.people.push(person(3, &hostile));
    screen.app.handle_input(Input::Paste(hostile), NOW);
    let all = screen.rows().concat();
    assert!(!all.chars().any(crate::sanitize::is_harmful), "{all:?}");
    assert_eq!(all.matches(&format!("x{family}")).count(), 6, "{all:?}");
}

#[test]
fn large_rooms_are_counted_and_long_lists_are_cut() {
    let mut screen = Screen::new(80, 9);
    screen.app.people.extend((3..30).map(|sid| person(sid, &format!("P{sid}"))));
    assert!(screen.shows("│ and 27 more: /who") && screen.shows("29 here"));
    screen.event(Event::Counted { n: 400 });
    assert!(screen.shows("│ 400 here"));
}
