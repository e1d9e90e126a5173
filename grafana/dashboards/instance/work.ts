// What the loop is asked to do, and what is never let go.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { rate, series } from '../selectors.ts';
import { timeSeries } from '../time-series.ts';
import { half, third } from './width.ts';

export function handles(): sdk.Panel {
  return third({
    title: 'Handles, by type',
    shows:
      'Sockets, timers, files and requests that keep the loop alive, by type. Not: timers that were unref’d, crypto and compression jobs.',
    act: 'A line that only rises is a leak: find who opens this type and never closes it.',
    queries: [
      {
        expr: `sum by (type) (label_replace(${series('v8js.resource.active')}, "type", "$1", "v8js_resource_type", "(.*)"))`,
        legend: '{{type}}',
      },
    ],
    unit: 'none',
  });
}

export function tasks(): sdk.Panel {
  return third({
    title: 'Live tasks, by type',
    shows: 'Asynchronous resources that were created and not destroyed yet, by type.',
    act: 'Rising without end: something awaits what never comes, or keeps what it should let go.',
    filledBy: 'Filled by `LOOPSCOPE_TASKS=counts`; docs/TASKS.md says what that costs.',
    queries: [{ expr: `sum by (type) (${series('loopscope.async.tasks.live')})`, legend: '{{type}}' }],
    unit: 'none',
  });
}

export function operations(): sdk.Panel {
  return third({
    title: 'Asynchronous operations',
    shows: 'Resources created per second: what the code asks the loop to do.',
    act: 'Rises without more traffic: a loop that re-schedules itself, a retry storm.',
    queries: [{ expr: `sum by (thread) (${rate('loopscope.async.operations')})`, legend: '{{thread}}' }],
    unit: 'ops',
  });
}

export function leaks(): sdk.Panel {
  return timeSeries({
    title: 'Leaks suspected',
    shows: '1 while the number of one type grows without falling back.',
    act: 'Look at that type in *Handles* or *Live tasks*: since when, and which deploy was it?',
    queries: [
      { expr: `max by (kind, type) (${series('loopscope.leak.suspected')})`, legend: '{{kind}} {{type}}' },
    ],
    unit: 'none',
    max: 1,
    ...half,
  });
}

export function waiting(): sdk.Panel {
  return timeSeries({
    title: 'Events that had to wait',
    shows: 'Share of events that were ready before the loop asked for them.',
    act: 'Rising towards 1: the loop falls behind, long before the delay shows it.',
    queries: [
      {
        expr: `sum by (thread) (${rate('loopscope.eventloop.events.waiting')}) / (sum by (thread) (${rate('loopscope.eventloop.events')}) > 0)`,
        legend: '{{thread}}',
      },
    ],
    unit: 'percentunit',
    ...half,
  });
}
