import { expect, test } from 'vitest';
import { mostTypes, otherType, TaskTypes } from '../../../src/main/tasks/task-types.ts';

test("Node's own types have numbers of their own", () => {
  const types = new TaskTypes();
  const numbers = ['Timeout', 'TickObject', 'Immediate', 'TCPWRAP', 'PBKDF2REQUEST'].map((name) =>
    types.of(name),
  );
  expect(new Set(numbers).size).toBe(5);
  expect(numbers).not.toContain(otherType);
  expect(numbers.map((number) => types.names[number])).toContain('PBKDF2REQUEST');
});

test('of the types that the application makes up, the first have numbers and the rest share one', () => {
  const types = new TaskTypes();
  const numbers = Array.from({ length: 1000 }, (_, index) => types.of(`job-${index}`));
  expect(new Set(numbers).size).toBe(25);
  expect(numbers.slice(24).every((number) => number === otherType)).toBe(true);
  expect(types.of('job-3')).toBe(numbers[3]);
  expect(types.names.length).toBeLessThanOrEqual(mostTypes);
});

test.each(['__proto__', 'constructor', 'toString', '', '\ud800\n'])('a type may be named %j', (name) => {
  const types = new TaskTypes();
  const number = types.of(name);
  expect([types.of(name), types.names[number]]).toEqual([number, name]);
  expect(number).not.toBe(otherType);
});

test('a name of a megabyte is kept short', () => {
  const types = new TaskTypes();
  expect(types.names[types.of('x'.repeat(1_000_000))]).toHaveLength(120);
});
