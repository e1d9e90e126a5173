import { expect, test } from 'vitest';
import { Failures } from '../../src/main/failures.ts';

test('failures are counted by part, and taken once', () => {
  const failures = new Failures();
  expect(failures.take()).toBeUndefined();
  failures.count('gc');
  failures.count('sampler');
  failures.count('gc');
  expect({ ...failures.take() }).toEqual({ gc: 2, sampler: 1 });
  expect(failures.take()).toBeUndefined();
});

test('a part may have the name of a property that every object has', () => {
  const failures = new Failures();
  failures.count('__proto__');
  failures.count('constructor');
  failures.count('constructor');
  expect(Object.entries(failures.take() ?? {})).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});
