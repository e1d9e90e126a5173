import { expect, test } from 'vitest';
import { validateTaskChange } from '../../src/main/task-change.ts';

test.each([
  ['rate', undefined],
  ['counts', { promises: true }],
  ['census', { seconds: 1, promises: false, type: 'Timeout' }],
  ['census', { seconds: 60 }],
])('a change to %s with %j is right', (level, options) => {
  expect(validateTaskChange(level, options)).toEqual({ ...options, level });
});

test.each([
  ['all', undefined, 'level: received "all"'],
  [undefined, undefined, 'level: received undefined'],
  ['census', { seconds: 0 }, 'seconds: received 0, expected a whole number from 1 to 60'],
  ['census', { seconds: 61 }, 'seconds: received 61'],
  ['census', { seconds: '5' }, 'seconds: received "5"'],
  ['counts', { seconds: 5 }, 'seconds: received 5, expected none'],
  ['counts', { type: 'Timeout' }, 'type: received "Timeout", expected none'],
  ['census', { type: '' }, 'type: received ""'],
  ['census', { promises: 'yes' }, 'promises: received "yes"'],
  ['rate', { unknown: 1 }, 'unknown: received 1'],
  ['rate', null, 'options: received null'],
  ['rate', 7, 'options: received 7'],
])('a change to %j with %j is refused by name', (level, options, message) => {
  expect(() => validateTaskChange(level, options)).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      code: 'LOOPSCOPE_INVALID_OPTION',
      message: expect.stringContaining(message),
    }),
  );
});
