// blocked-at, by its callback.
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { benchFile } from '../../harness/variant.ts';
import type { Place, Report } from '../truth.ts';
import type { Tool } from './tool.ts';

interface Told {
  readonly at: number;
  readonly blockedMs: number;
  readonly stack: readonly string[];
}

export const blockedAt: Tool = {
  name: 'blocked-at',
  gives: ['duration', 'stack'],
  prepare: ({ thresholdMs }) =>
    Promise.resolve({
      variant: {
        name: 'blocked-at',
        args: ['--import', benchFile('peers/blocked-at.mjs')],
        env: { PEER_THRESHOLD_MS: String(thresholdMs) },
      },
      watch: (running) => {
        const reports: Report[] = [];
        running.eachLine((line) => {
          const [, json] = /^BLOCKED-AT (.*)/.exec(line) ?? [];
          if (json !== undefined) {
            reports.push(reportOf(JSON.parse(json) as Told));
          }
        });
        return Promise.resolve({
          beginning: () => {},
          finish: async () => {
            await pass(200);
            return reports;
          },
        });
      },
      [Symbol.asyncDispose]: async () => {},
    }),
};

function reportOf({ at, blockedMs, stack }: Told): Report {
  const places = stack.map(placeOf).filter((place) => place !== undefined);
  const culprit = places.find(({ file }) => !file.startsWith('node:') && !file.includes('/node_modules/'));
  return {
    thread: 0,
    reportedAt: at,
    stackAt: at,
    span: { start: at - blockedMs, end: at },
    exact: true,
    durationMs: blockedMs,
    ...(culprit !== undefined && { culprit }),
    stack: places,
  };
}

/** A line such as `    at load (file:///app/load.js:12:3)`. */
function placeOf(line: string): Place | undefined {
  const [, named = '', bare = ''] = /^\s*at (?:async )?(?:(.*) \()?(.*?)\)?$/.exec(line) ?? [];
  const [, address = '', at = ''] = /^(.*):(\d+):\d+$/.exec(bare) ?? [];
  if (address === '') {
    return undefined;
  }
  return {
    function: named.replace(/^.*[. ]/, ''),
    file: address.startsWith('file:') ? fileURLToPath(address) : address,
    line: Number(at),
  };
}
