//! Close codes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from '../../js/core/closing.js';

test('a client comes back after these and no other', () => {
  const back = Array.from({ length: 65536 }, (_, code) => code).filter((code) => meaningOf(code).comesBack);
  assert.deepEqual(back, [1001, 1006, 1011, 1012, 1013, 4401, 4403, 4408, 4429]);
});

test('an unknown code is simply closed', () => {
  assert.equal(meaningOf(4999).code, 'closed');
});
