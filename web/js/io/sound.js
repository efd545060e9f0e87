//! A short soft tone.

/** Two notes, one after the other, in hertz. */
const NOTES = [587, 880];

const NOTE_S = 0.12;
const LOUDNESS = 0.06;

/** A browser may wait for a touch of the page, and a sound isn't worth that, in milliseconds. */
const LATE_MS = 1000;

let audio = null;

/** Sounds once, if the browser lets it. */
export async function chime() {
  const wanted = performance.now();
  try {
    audio ??= new AudioContext();
    await audio.resume();
  } catch {
    return;
  }
  // Nobody knows any more what it is about.
  if (performance.now() - wanted > LATE_MS) return;
  NOTES.forEach((note, at) => sound(note, audio.currentTime + at * NOTE_S));
}

function sound(frequency, from) {
  const tone = new OscillatorNode(audio, { type: 'sine', frequency });
  const loudness = new GainNode(audio, { gain: 0 });
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01);
  loudness.gain.exponentialRampToValueAtTime(0.0001, from + 2 * NOTE_S);
  tone.connect(loudness).connect(audio.destination);
  tone.start(from);
  tone.stop(from + 2 * NOTE_S);
}
