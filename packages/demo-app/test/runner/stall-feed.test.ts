import { expect, test } from 'vitest';
import { StallFeed } from '../../src/runner/stall-feed.ts';
import { culpritOf, lookOf, stallOf } from './stall-examples.ts';

const culprit = culpritOf('priceBasket', '/srv/orders/price.ts');

test('a stall is told once when it opens and once when it ends', () => {
  const feed = new StallFeed();
  const open = stallOf({ state: 'open', durationMs: 118, culprit });
  const closed = stallOf({ durationMs: 402, culprit });
  const types = [open, { ...open, durationMs: 170 }, closed, closed].map((stall) =>
    feed.take(lookOf([stall])).map(({ type }) => type),
  );
  expect(types).toEqual([['opened'], [], ['closed'], []]);
});

test('the ages are those at which it was first seen open, and first seen named', () => {
  const feed = new StallFeed();
  feed.take(lookOf([stallOf({ state: 'open', durationMs: 118 })]));
  const [named] = feed.take(lookOf([stallOf({ state: 'open', durationMs: 170, culprit })]));
  const [closed] = feed.take(lookOf([stallOf({ durationMs: 402, culprit })]));
  expect(named?.type).toBe('named');
  expect(closed?.seen).toMatchObject({ openAgeMs: 118, namedAgeMs: 170, stall: { durationMs: 402 } });
});

test('a stall that was over before anybody looked has no such ages', () => {
  const [event] = new StallFeed().take(lookOf([stallOf({ culprit })]));
  expect(event?.type).toBe('closed');
  expect(event?.seen).toMatchObject({ openAgeMs: undefined, namedAgeMs: undefined });
});

test('/livez counts only while the stall is open', () => {
  const feed = new StallFeed();
  const open = stallOf({ state: 'open' });
  feed.take(lookOf([open], { livezMs: 3 }));
  feed.take(lookOf([open], { livezMs: 9, livezStatus: 503 }));
  const [closed] = feed.take(lookOf([stallOf()], { livezMs: 400 }));
  expect(closed?.seen.livez).toEqual({ answers: 2, statuses: [200, 503], slowestMs: 9 });
});

test('a culprit that arrives after the end is kept', () => {
  const feed = new StallFeed();
  feed.take(lookOf([stallOf()]));
  expect(feed.take(lookOf([stallOf({ culprit })]))).toEqual([]);
  expect(feed.within(0, 5_000)[0]?.stall.culprit?.function).toBe('priceBasket');
});

test('several stalls of one look are told oldest first, though listed newest first', () => {
  const listed = [stallOf({ id: '2', startedAt: 3_000 }), stallOf({ id: '1', startedAt: 1_000 })];
  expect(new StallFeed().take(lookOf(listed)).map(({ seen }) => seen.stall.id)).toEqual(['1', '2']);
});

test('a period holds the stalls that overlap it, however little', () => {
  const feed = new StallFeed();
  feed.take(lookOf([stallOf({ startedAt: 1_000, durationMs: 400 })]));
  expect(feed.within(1_400, 2_000).length).toBe(1);
  expect(feed.within(500, 1_000).length).toBe(1);
  expect(feed.within(1_401, 2_000)).toEqual([]);
  expect(feed.within(500, 999)).toEqual([]);
});

test('what the agent lists no more is forgotten', () => {
  const feed = new StallFeed();
  feed.take(lookOf([stallOf()]));
  feed.take(lookOf([stallOf({ id: '2' })]));
  expect(feed.within(0, 5_000).map(({ stall }) => stall.id)).toEqual(['2']);
});
