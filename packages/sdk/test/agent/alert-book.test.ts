import { expect, test } from 'vitest';
import { AlertBook } from '../../src/agent/alert-book.ts';
import type { Alert } from '../../src/shared/alert.ts';

function alert(fingerprint: string, status: Alert['status'] = 'firing'): Alert {
  return {
    status,
    name: 'blocked',
    severity: 'critical',
    fingerprint,
    labels: {},
    summary: 'blocked',
    value: 1,
    startsAt: 0,
  };
}

test('an alert is counted by its series while it fires, and each change is passed on', () => {
  const told: string[] = [];
  const book = new AlertBook([], ({ fingerprint, status }) => told.push(`${fingerprint} ${status}`));
  book.watched('blocked', 'critical');
  book.watched('quiet', 'info');
  const counts = (): number[] => [...book.active()].map(({ count }) => count);
  expect(counts()).toEqual([0, 0]);
  book.changed(alert('a'));
  book.changed(alert('b'));
  book.changed(alert('a'));
  expect(counts()).toEqual([2, 0]);
  book.changed(alert('a', 'resolved'));
  expect(counts()).toEqual([1, 0]);
  expect(told).toEqual(['a firing', 'b firing', 'a firing', 'a resolved']);
});

test('what an earlier agent thread left firing is counted from the start', () => {
  const book = new AlertBook([alert('a')], () => {});
  book.watched('blocked', 'critical');
  expect([...book.active()]).toEqual([{ name: 'blocked', severity: 'critical', count: 1 }]);
  book.changed(alert('a', 'resolved'));
  expect([...book.active()][0]?.count).toBe(0);
});

test('notifications are summed by receiver and outcome', () => {
  const book = new AlertBook([], () => {});
  expect([...book.notifications()]).toEqual([]);
  book.notified('webhook', 'delivered', 1);
  book.notified('webhook', 'dropped', 3);
  book.notified('webhook', 'delivered', 1);
  expect([...book.notifications()]).toEqual([
    { receiver: 'webhook', outcome: 'delivered', times: 2 },
    { receiver: 'webhook', outcome: 'dropped', times: 3 },
  ]);
});
