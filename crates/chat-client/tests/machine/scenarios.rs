//! The table of scenarios that the page's session machine is held to as well.

use chat_client::{B64, Joining, Nick, Room, Session, Timestamp};
use serde_json::{Value, json};

use crate::neutral;

const TABLE: &str = include_str!("../vectors/scenarios.json");

#[test]
fn the_machine_does_what_the_table_says() {
    let table: Value = serde_json::from_str(TABLE).unwrap();
    let mut wrong = Vec::new();
    let mut run = 0;
    for scenario in table["scenarios"].as_array().unwrap() {
        // In a sealed room this machine sees ciphertext, which no table can hold: the model
        // exercises it there.
        if scenario["sealed"] == true {
            continue;
        }
        run += 1;
        if let Err(what) = play(scenario, &table["frames"]) {
            wrong.push(format!("{}: {what}", scenario["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(run >= 30, "the table has lost its scenarios: {run}");
}

fn play(scenario: &Value, frames: &Value) -> Result<(), String> {
    let fractions: Vec<f64> = list(scenario, "random").iter().filter_map(Value::as_f64).collect();
    let mut fractions = fractions.into_iter();
    let joining = Joining {
        room: Room::Plain("01ab-0101-wxyz-0000".parse().unwrap()),
        nick: Nick::parse("Ann").unwrap(),
        key: B64([7; 16]),
        pace: false,
        agent: "test/1".to_owned(),
        create_key: None,
    };
    let mut session = Session::new(joining, move || fractions.next().unwrap_or(0.5)).unwrap();
    let mut now = Timestamp::from_millis(1000);
    for (number, step) in list(scenario, "steps").iter().enumerate() {
        if let Some(at) = step["at"].as_u64() {
            now = Timestamp::from_millis(at);
        }
        let mut input = step["in"].clone();
        if let Some(name) = input["frame"].as_str() {
            input = json!({ "frame": frames[name] });
        }
        neutral::input(&mut session, now, &input);
        let mut found = json!({
            "do": neutral::actions(&mut session),
            "tell": std::iter::from_fn(|| session.poll_event())
                .filter_map(|event| neutral::event(&event))
                .collect::<Vec<_>>(),
        });
        let mut wanted = json!({ "do": list(step, "do"), "tell": list(step, "tell") });
        if let Some(deadline) = step.get("deadline") {
            wanted["deadline"] = deadline.clone();
            found["deadline"] = json!(session.poll_timeout().map(Timestamp::as_millis));
        }
        if found != wanted {
            return Err(format!("step {number}, {input}:\n  found  {found}\n  wanted {wanted}"));
        }
    }
    Ok(())
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
