//! Members and a server in virtual time, over a network that does its worst.

use chat_client::Token;
use chat_core::Timestamp;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use check::check;
use member::{Input, Is, Member, Wish, nick, sealed_token};
use net::{Net, Said, To};
use plan::{Deed, Plan};
use server::{Out, Server};

mod check;
mod export;
mod member;
mod net;
mod plan;
mod server;
mod wire;

pub(crate) use export::Life;

/// When the virtual clock begins, in milliseconds since 1970.
const START: u64 = 1_000_000;

/// How long a network that is good again may take to bring all together: a silence that nobody
/// heard of, the longest delay between attempts, and more than either.
const PATIENCE_MS: u64 = 200_000;

/// How long a connection may look alive that isn't: who has not noticed by then has none such.
const NOTICED_MS: u64 = 60_000;

/// How long the person thinks before going on with a session that stopped.
const THINKS_MS: u64 = 5_000;

/// How often the person goes on: a room may stay full.
const GOES_ON: u32 = 5;

/// A whole schedule, up to when all is quiet again.
struct World {
    plan: Plan,
    now: u64,
    rng: StdRng,
    net: Net,
    server: Server,
    /// Until when there is no server.
    down_until: u64,
    members: Vec<Member>,
    /// When the person of a stopped session goes on.
    goes_on: Vec<Option<u64>>,
}

/// What came of a schedule.
pub(crate) struct Report {
    /// Each member's life, for the other machine.
    pub(crate) lives: Vec<Life>,
    /// How many lines were shown.
    pub(crate) shown: usize,
    /// What else happened, by its name.
    pub(crate) happened: Vec<&'static str>,
}

/// Runs the schedule of this seed; its lives are written down where they are to be lived again.
///
/// # Errors
/// What was wrong, in a sentence.
pub(crate) fn run(seed: u64, record: bool) -> Result<Report, String> {
    let mut world = World::new(Plan::draw(seed));
    if record {
        world.members.iter_mut().for_each(|member| member.life.record());
    }
    world.play()?;
    check(&world)?;
    let shown = world.members.iter().map(|member| member.screen.len()).sum();
    let mut happened = world.server.happened;
    happened.extend(world.members.iter().flat_map(|member| &member.happened));
    let lives = world.members.into_iter().map(|member| member.life).collect();
    Ok(Report { lives, shown, happened })
}

impl World {
    fn new(plan: Plan) -> Self {
        let mut rng = StdRng::seed_from_u64(plan.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut server = Server::new(plan.limits.clone(), StdRng::seed_from_u64(rng.random()));
        let token = match plan.sealed {
            true => Token::Sealed(sealed_token(plan.seed)),
            false => Token::Plain(server.create(START)),
        };
        let members: Vec<_> =
            (0..plan.members).map(|number| Member::new(number, &token, plan.seed)).collect();
        let goes_on = members.iter().map(|_| None).collect();
        let net = Net::new(plan.latency.clone());
        Self { plan, now: START, rng, net, server, down_until: 0, members, goes_on }
    }

    fn play(&mut self) -> Result<(), String> {
        let script = std::mem::take(&mut self.plan.script);
        let mut script = script.into_iter().map(|(at, deed)| (START + at, deed)).peekable();
        let end = START + self.plan.heals + PATIENCE_MS;
        loop {
            let next = self.next_due().min(script.peek().map_or(u64::MAX, |(at, _)| *at));
            if next > end || self.is_quiet() && script.peek().is_none() {
                return Ok(());
            }
            self.now = self.now.max(next);
            if let Some((_, deed)) = script.next_if(|(at, _)| *at <= self.now) {
                self.perform(deed);
            } else {
                self.step();
            }
            self.pump();
            if let Some(wrong) = self.server.wrong.take() {
                return Err(wrong);
            }
        }
    }

    /// Whether the trouble is over, and everybody has what there is.
    fn is_quiet(&self) -> bool {
        self.now >= START + self.plan.heals + NOTICED_MS
            && self.net.next().is_none()
            && self.goes_on.iter().all(Option::is_none)
            && self.members.iter().all(|member| match member.is {
                Is::Outside | Is::Stopped | Is::Over => true,
                Is::Live => member.typed.values().all(|(_, fate)| *fate != member::Fate::Open),
                Is::Coming => false,
            })
    }

    fn next_due(&self) -> u64 {
        let timers = self.members.iter().filter_map(|m| m.session.poll_timeout());
        let timers = timers.map(Timestamp::as_millis);
        let goes_on = self.goes_on.iter().copied().flatten();
        let server = self.server.poll_timeout().filter(|_| self.is_up());
        let up = Some(self.down_until).filter(|_| !self.is_up());
        let arrival = self.net.next().map(|(at, ..)| at);
        timers.chain(goes_on).chain(server).chain(up).chain(arrival).min().unwrap_or(u64::MAX)
    }

    fn is_up(&self) -> bool {
        self.now >= self.down_until
    }

    /// Does what is due, one thing at a time.
    fn step(&mut self) {
        if let Some((_, pipe, to)) = self.net.next().filter(|(at, ..)| *at <= self.now) {
            let Some(said) = self.net.take(pipe, to) else { return };
            match to {
                To::Server => {
                    self.with_server(|server, now, out| server.hear(now, pipe, said, out))
                }
                To::Client => self.arrive(pipe, said),
            }
            return;
        }
        for number in 0..self.members.len() {
            if self.goes_on[number].is_some_and(|at| at <= self.now) {
                self.goes_on[number] = None;
                if self.members[number].is != Is::Stopped {
                    return;
                }
                self.members[number].is = Is::Coming;
                let other = format!("{}{}", nick(number), self.now % 1000);
                let name = if self.rng.random_bool(0.5) { Some(other.as_str()) } else { None };
                self.input(number, Input::Start(name));
                return;
            }
            let due = self.members[number].session.poll_timeout();
            if due.is_some_and(|at| at.as_millis() <= self.now) {
                self.input(number, Input::Timeout);
                return;
            }
        }
        self.with_server(Server::handle_timeout);
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Join(who) if self.members[who].is == Is::Outside => {
                self.members[who].is = Is::Coming;
                self.input(who, Input::Start(None));
            }
            // Who has left before coming in does not come.
            Deed::Join(_) => {}
            Deed::Turn(who) => {
                let member = &mut self.members[who];
                member.away = !member.away;
                let away = member.away;
                self.input(who, Input::Away(away));
            }
            Deed::Say(who) => {
                let text = self.members[who].next_text();
                self.input(who, Input::Send(&text));
            }
            // In a sealed room the page's machine can't tell which name is the newest.
            Deed::Rename(who) if !self.plan.sealed => {
                // Some take the name of another, who may be away.
                let other = nick((who + 1) % self.members.len());
                let name = format!("{}{}", nick(who), self.now % 100);
                let name = if self.rng.random() { other.as_str() } else { &name };
                self.input(who, Input::Rename(name));
            }
            Deed::Rename(_) => {}
            Deed::Leave(who) => self.input(who, Input::Leave),
            Deed::Wake(who) => self.input(who, Input::Wake),
            Deed::Cut(who, cut) => {
                if let Some(pipe) = self.members[who].pipe {
                    self.net.cut(self.now, &mut self.rng, pipe, cut);
                }
            }
            Deed::Stall(who, ms) => {
                let until = (self.now + ms).min(START + self.plan.heals);
                if let Some(pipe) = self.members[who].pipe {
                    self.net.stall(pipe, To::Server, until);
                    self.net.stall(pipe, To::Client, until);
                }
            }
            Deed::LateHello(who, ms) => {
                self.members[who].late_hello = Some(ms);
                if let Some(pipe) = self.members[who].pipe {
                    let both = plan::Cut { client_hears: true, server_hears: true };
                    self.net.cut(self.now, &mut self.rng, pipe, both);
                }
            }
            Deed::Offline(who, ms) => {
                let until = (self.now + ms).min(START + self.plan.heals);
                self.members[who].offline_until = until;
                if let Some(pipe) = self.members[who].pipe {
                    let nobody = plan::Cut { client_hears: false, server_hears: false };
                    self.net.cut(self.now, &mut self.rng, pipe, nobody);
                }
            }
            Deed::Restart(ms) => {
                self.down_until = self.now + ms;
                self.server.restart();
                self.net.kill(self.now, &mut self.rng);
            }
        }
    }

    fn arrive(&mut self, pipe: usize, said: Said) {
        let who = self.net.pipes[pipe].member;
        // A connection that was given up has nothing to say.
        if self.members[who].pipe != Some(pipe) {
            return;
        }
        match said {
            Said::Open => {
                self.server.accept(self.now, pipe);
                self.input(who, Input::Opened);
            }
            Said::Text(frame) => self.input(who, Input::Frame(&frame)),
            Said::Close(code) => {
                self.members[who].pipe = None;
                self.input(who, Input::Closed(code));
            }
            Said::Gone => {
                self.members[who].pipe = None;
                self.input(who, Input::Closed(1006));
            }
        }
    }

    fn input(&mut self, who: usize, input: Input<'_>) {
        let wishes = self.members[who].input(self.now, input);
        for wish in wishes {
            let pipe = self.members[who].pipe;
            match (wish, pipe) {
                (Wish::Connect, _) => {
                    let pipe = self.net.open(who);
                    self.members[who].pipe = Some(pipe);
                    if let Some(ms) = self.members[who].late_hello.take() {
                        self.net.stall(pipe, To::Server, self.now + ms);
                    }
                    let open = self.is_up() && self.now >= self.members[who].offline_until;
                    let answer = if open { Said::Open } else { Said::Gone };
                    self.net.say(self.now, &mut self.rng, pipe, To::Client, answer);
                }
                (Wish::Say(frame), Some(pipe)) => {
                    self.net.say(self.now, &mut self.rng, pipe, To::Server, Said::Text(frame));
                }
                (Wish::Close(code), Some(pipe)) => {
                    self.net.say(self.now, &mut self.rng, pipe, To::Server, Said::Close(code));
                }
                (Wish::Drop, Some(pipe)) => {
                    self.net.say(self.now, &mut self.rng, pipe, To::Server, Said::Gone);
                    self.members[who].pipe = None;
                }
                (_, None) => {}
            }
        }
        let member = &mut self.members[who];
        let may = member.life.may_go_on() && member.went_on < GOES_ON;
        if member.is == Is::Stopped && self.goes_on[who].is_none() && may {
            member.went_on += 1;
            self.goes_on[who] = Some(self.now + THINKS_MS);
        }
    }

    fn with_server(&mut self, act: impl FnOnce(&mut Server, u64, &mut Out)) {
        let mut out = Vec::new();
        act(&mut self.server, self.now, &mut out);
        self.deliver(out);
    }

    fn pump(&mut self) {
        let (mut out, window) = (Vec::new(), self.plan.window);
        self.server.pump(self.now, window, |pipe| self.net.held(pipe), &mut out);
        self.deliver(out);
    }

    fn deliver(&mut self, out: Out) {
        for (pipe, said) in out {
            self.net.say(self.now, &mut self.rng, pipe, To::Client, said);
        }
    }
}
