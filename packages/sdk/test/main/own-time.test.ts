import { expect, test } from 'vitest';
import { OwnTime } from '../../src/main/own-time.ts';

function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('what is measured is told by part, and once where one measurement lies in another', () => {
  const own = new OwnTime();
  own.measure('sample', () => {
    busy(2);
    own.measure('profile', () => busy(20));
  });
  const { sample, profile, capture } = own.read();
  expect(profile).toBeGreaterThan(5);
  expect(sample).toBeGreaterThan(0.5);
  expect(sample).toBeLessThan(profile);
  expect(capture).toBe(0);
});

test('a measurement gives what the work gives, and is made of one that throws', () => {
  const own = new OwnTime();
  expect(own.measure('gc', () => 7)).toBe(7);
  expect(() =>
    own.measure('gc', () => {
      busy(3);
      throw new Error('x');
    }),
  ).toThrow('x');
  expect(own.read().gc).toBeGreaterThan(0.5);
  own.measure('sample', () => busy(3));
  expect(own.read().sample).toBeGreaterThan(0.5);
});

test('of a handler one call in 64 is measured and stands for all, but one that was preempted for itself alone', () => {
  const own = new OwnTime();
  const seen: unknown[] = [];
  const handler = own.sampling('request', (message) => {
    seen.push(message);
    busy(message === 640 ? 50 : 0.05);
  });
  for (let call = 1; call < 64; call += 1) {
    handler(call);
  }
  expect(own.read().request).toBe(0);
  for (let call = 64; call <= 640; call += 1) {
    handler(call);
  }
  expect(seen).toHaveLength(640);
  // 640 calls of 0.05 ms; by the mean the last one would add 3200.
  expect(own.read().request).toBeGreaterThan(10);
  expect(own.read().request).toBeLessThan(2000);
});
