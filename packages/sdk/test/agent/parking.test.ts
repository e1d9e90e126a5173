import { beforeEach, describe, expect, test } from 'vitest';
import { Parking } from '../../src/agent/parking.ts';

let place: string | undefined;
let asked: number[];
let allowed: boolean;
let parking: Parking;

beforeEach(() => {
  place = undefined;
  asked = [];
  allowed = true;
  parking = new Parking({ place: () => place, ask: (now) => allowed && asked.push(now) > 0 });
});

function sleepAt(where: string, from: number): void {
  place = where;
  parking.looked(from, false);
  parking.looked(from + 20, false);
}

test('a thread that computes, or sleeps in a call that blocks, is not parked, and no capture is taken', () => {
  expect([0, 50, 100].map((now) => parking.looked(now, false))).toEqual(['none', 'none', 'none']);
  expect(asked).toEqual([]);
});

test('a place that is not known is asked for once the thread has settled there', () => {
  place = 'a';
  expect(parking.looked(0, false)).toBe('unjudged');
  expect(parking.looked(19, false)).toBe('unjudged');
  expect(asked).toEqual([]);
  expect(parking.looked(20, false)).toBe('unjudged');
  expect(asked).toEqual([20]);
});

test('a thread that was parked at a place is parked there ever after, without a capture', () => {
  sleepAt('a', 0);
  expect(parking.answered(true)).toBe(true);
  expect(parking.looked(25, false)).toBe('parked');
  parking.looked(1000, true);
  place = 'a';
  expect(parking.looked(2000, false)).toBe('parked');
  expect(asked).toHaveLength(1);
});

test('a place on the stack of a task blocks, but in this quiet only', () => {
  sleepAt('a', 0);
  expect(parking.answered(false)).toBe(false);
  expect(parking.looked(25, false)).toBe('none');
  parking.looked(1000, true);
  expect(parking.looked(2000, false)).toBe('unjudged');
});

test('an answer says nothing of a place that the thread has left', () => {
  sleepAt('a', 0);
  place = 'b';
  expect(parking.answered(true)).toBe(false);
  place = 'a';
  expect(parking.looked(25, false)).toBe('unjudged');
});

test('captures for it are few, however often the place moves', () => {
  for (let now = 0; now < 30_000; now += 100) {
    sleepAt(`at ${now}`, now);
  }
  expect(asked).toHaveLength(5);
});

describe('a capture that is answered while nothing is in question', () => {
  test('judges nothing', () => {
    parking.looked(0, false);
    expect(parking.answered(true)).toBe(false);
  });
});

test('a capture that is not allowed is asked for at the next look', () => {
  allowed = false;
  sleepAt('a', 0);
  allowed = true;
  parking.looked(25, false);
  expect(asked).toEqual([25]);
});
