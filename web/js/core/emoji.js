//! Emoji by their names.

import { blocksOf } from './blocks.js';
import { piecesOf } from './pieces.js';
import { isWordAt } from './word.js';

/** The most that a beginning is completed to. */
export const COMPLETIONS_MAX = 8;

// By use; a name that begins another stands before it.
const TABLE = 'joy😂 heart❤️ +1👍 thumbsup👍 sob😭 pray🙏 heart_eyes😍 blush😊 smile😄 smiley😃 grin😁 grinning😀 laughing😆 rofl🤣'
  + ' sweat_smile😅 slightly_smiling_face🙂 upside_down_face🙃 wink😉 innocent😇 kissing_heart😘 yum😋 stuck_out_tongue😛'
  + ' hugs🤗 thinking🤔 neutral_face😐 exploding_head🤯 smirk😏 unamused😒 roll_eyes🙄 pensive😔 sleeping😴 partying_face🥳'
  + ' sunglasses😎 confused😕 open_mouth😮 flushed😳 pleading_face🥺 cry😢 scream😱 disappointed😞 angry😠 rage😡 skull💀 poop💩'
  + ' ghost👻 robot🤖 see_no_evil🙈 broken_heart💔 two_hearts💕 green_heart💚 blue_heart💙 purple_heart💜 100💯 boom💥 wave👋'
  + ' ok_hand👌 v✌️ crossed_fingers🤞 point_right👉 point_down👇 -1👎 thumbsdown👎 punch👊 clap👏 raised_hands🙌 handshake🤝'
  + ' muscle💪 eyes👀 shrug🤷 facepalm🤦 dog🐶 cat🐱 bug🐛 unicorn🦄 rose🌹 four_leaf_clover🍀 pizza🍕 coffee☕ tea🍵 beer🍺 beers🍻'
  + ' wine_glass🍷 cake🍰 birthday🎂 tada🎉 balloon🎈 gift🎁 trophy🏆 video_game🎮 dart🎯 musical_note🎵 car🚗 airplane✈️ rocket🚀'
  + ' house🏠 sunny☀️ snowflake❄️ rainbow🌈 zap⚡ fire🔥 star⭐ sparkles✨ phone☎️ computer💻 bulb💡 memo📝 calendar📆 pushpin📌'
  + ' mag🔍 lock🔒 key🔑 wrench🔧 bell🔔 hourglass⌛ white_check_mark✅ x❌ warning⚠️ question❓ exclamation❗ arrow_left⬅️'
  + ' arrow_right➡️';

const EMOJI = new Map(Array.from(TABLE.matchAll(/([\w+-]+)(\S+)/g), ([, name, emoji]) => [name, emoji]));

/**
 * What may be meant by a word that is written so far, `:na` for example: first the names that begin with it.
 * @param {string} word a colon, and at least two characters
 * @returns {{name: string, emoji: string}[]}
 */
export function complete(word) {
  if (!/^:[\w+-]{2}/.test(word)) return [];
  const part = word.slice(1).toLowerCase();
  const found = [...EMOJI].filter(([name]) => `_${name}`.includes(`_${part}`));
  const begin = found.filter(([name]) => name.startsWith(part));
  return [...new Set([...begin, ...found])].slice(0, COMPLETIONS_MAX).map(([name, emoji]) => ({ name, emoji }));
}

/**
 * Puts emoji for their names in colons, where these are neither in code nor in a link or a word.
 * @param {string} text
 * @returns {string}
 */
export function expand(text) {
  const lines = text.split('\n');
  const draw = (source) => source.replace(/:([\w+-]+):/g, (whole, name, at) => (
    isWordAt(source, at - 1) || isWordAt(source, at + whole.length) ? whole : EMOJI.get(name) ?? whole));
  const replace = (_, number) => {
    lines[number] = piecesOf(lines[number]).map(([source, sense]) => (sense === undefined ? draw(source) : source)).join('');
    return [];
  };
  blocksOf(text, replace, { left: Infinity });
  return lines.join('\n');
}
