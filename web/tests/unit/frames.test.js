//! Frames, beyond the golden vectors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeServerFrame, DecodeFrameError, encodeClientFrame, SERVER_FRAME_MAX, utf8Length, wellFormed,
} from '../../js/core/frames.js';

test('unknown members are left out, unknown types pass with nothing', () => {
  assert.deepEqual(decodeServerFrame('{"t":"live","seq":3,"later":{"a":1}}'), { t: 'live', seq: 3 });
  assert.deepEqual(decodeServerFrame('{"seq":9,"t":"of_a_later_version"}'), { t: 'of_a_later_version' });
  assert.deepEqual(decodeServerFrame('{"t":"__proto__"}'), { t: '__proto__' });
});

test('unknown words survive', () => {
  const frame = { t: 'error', code: 'later', message: 'x', fatal: false };
  assert.deepEqual(decodeServerFrame(JSON.stringify(frame)), frame);
});

test('what is no frame is refused', () => {
  for (const wire of [
    '', 'x', '{', 'null', '[]', '7', '"t"', '{}', '{"t":1}', '{"t":"live"}', '{"t":"live","seq":-1}',
    '{"t":"live","seq":1.5}', '{"t":"live","seq":9007199254740992}', '{"t":"live","seq":"1"}',
    '{"t":"typing","sid":"1","on":true}', '{"t":"typing","sid":1,"on":1}',
    '{"t":"msg","seq":1,"ts":1,"from":1,"nick":"b"}', '{"t":"msg","seq":1,"ts":1,"from":1,"text":"b"}',
    '{"t":"msg","seq":1,"ts":1,"from":1,"nick":"b","text":"c","id":""}',
    '{"t":"join","seq":1,"ts":1,"peer":{"sid":1,"mode":"v1","since":1}}',
    '['.repeat(100_000), '{"t":'.repeat(100_000),
  ]) {
    assert.throws(() => decodeServerFrame(wire), (error) => error.code === 'bad_frame', wire.slice(0, 80));
  }
});

test('reading is bounded', () => {
  const wire = `{"t":"later","x":"${'x'.repeat(SERVER_FRAME_MAX)}"}`;
  assert.throws(() => decodeServerFrame(wire), (error) => error.code === 'too_big');
});

test('halves of surrogate pairs never leave', () => {
  assert.equal(encodeClientFrame({ t: 'send', id: '1', text: 'a\ud800b' }), '{"t":"send","id":"1","text":"a\ufffdb"}');
  assert.equal(wellFormed('😀\udc00'), '😀\ufffd');
});

test('bytes are counted in UTF-8', () => {
  assert.equal(utf8Length('aé李😀'), 10);
});
