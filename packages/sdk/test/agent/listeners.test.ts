import { expect, test } from 'vitest';
import { Listeners } from '../../src/agent/listeners.ts';

test('every listener is told, in the order of joining', () => {
  const told: string[] = [];
  const listeners = new Listeners<[string, number]>(() => told.push('failed'));
  listeners.add((name, value) => told.push(`first ${name} ${value}`));
  listeners.add((name, value) => told.push(`second ${name} ${value}`));
  listeners.tell('delay', 3);
  expect(told).toEqual(['first delay 3', 'second delay 3']);
});

test('one that throws disturbs neither the others nor the caller, and is reported', () => {
  const told: string[] = [];
  const failures: unknown[] = [];
  const listeners = new Listeners<[]>((error) => failures.push(error));
  const error = new Error('a listener of no manners');
  listeners.add(() => told.push('before'));
  listeners.add(() => {
    throw error;
  });
  listeners.add(() => told.push('after'));
  listeners.tell();
  listeners.tell();
  expect(told).toEqual(['before', 'after', 'before', 'after']);
  expect(failures).toEqual([error, error]);
});

test('the undo of one takes it out, and no other; twice is once', () => {
  const told: string[] = [];
  const listeners = new Listeners<[]>(() => {});
  const undo = listeners.add(() => told.push('gone'));
  listeners.add(() => told.push('stays'));
  undo();
  undo();
  listeners.tell();
  expect(told).toEqual(['stays']);
});

test('one that leaves while it is told leaves the rest in place', () => {
  const told: string[] = [];
  const listeners = new Listeners<[]>(() => {});
  const undo = listeners.add(() => {
    told.push('once');
    undo();
  });
  listeners.add(() => told.push('always'));
  listeners.tell();
  listeners.tell();
  expect(told).toEqual(['once', 'always', 'always']);
});
