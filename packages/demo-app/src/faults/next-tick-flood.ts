// A queue that re-schedules itself with process.nextTick: each step is short, but the loop may not
// turn before the queue of ticks is empty.
import type { BlockingFault } from '../fault.ts';

const notification = 'Your order 42 has left the warehouse. '.repeat(200);

export const nextTickFlood: BlockingFault = {
  name: 'next-tick-flood',
  title: 'process.nextTick starves the loop',
  route: '/notifications/flush',
  path: '/notifications/flush',
  expected: 'The function that re-schedules itself, though each of its calls is short.',
  culprit: { function: 'flushNotifications', file: import.meta.filename },
  run: (ms) =>
    new Promise((resolve) => {
      flushNotifications({ sent: 0, checksum: 0 }, performance.now() + ms, resolve);
    }),
};

interface Outbox {
  sent: number;
  checksum: number;
}

function flushNotifications(outbox: Outbox, until: number, done: (outbox: Outbox) => void): void {
  let checksum = outbox.checksum;
  for (let repeat = 0; repeat < 10; repeat++) {
    for (let i = 0; i < notification.length; i++) {
      checksum = Math.imul(checksum ^ notification.charCodeAt(i), 16_777_619);
    }
  }
  outbox.checksum = checksum;
  outbox.sent++;
  if (performance.now() < until) {
    process.nextTick(flushNotifications, outbox, until, done);
  } else {
    done(outbox);
  }
}
