// Reminders that nobody cancels. They cost little each; their number only grows, up to a bound here.
import type { Fault } from '../fault.ts';

const timersPerRequest = 40;
const mostTimers = 5_000;
const reminders = new Set<NodeJS.Timeout>();

export const leakedTimers: Fault = {
  name: 'leaked-timers',
  title: 'Intervals are set and never cleared',
  route: '/carts/:id/remind',
  path: '/carts/3/remind',
  expected: 'No stall: the loop is free. The count of active timers rises with each request.',
  run: () => {
    for (let i = 0; i < timersPerRequest && reminders.size < mostTimers; i++) {
      remind();
    }
    return { timers: reminders.size };
  },
  release: () => {
    for (const timer of reminders) {
      clearInterval(timer);
    }
    reminders.clear();
  },
};

function remind(): void {
  let reminded = 0;
  reminders.add(setInterval(() => reminded++, 1_000));
}
