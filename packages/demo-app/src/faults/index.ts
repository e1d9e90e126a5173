// Every fault, in the order in which the demo shows them.
import type { Fault } from '../fault.ts';
import { cpuLoop } from './cpu-loop.ts';
import { execSync } from './exec-sync.ts';
import { fsLarge } from './fs-large.ts';
import { fsSmall } from './fs-small.ts';
import { gcPressure } from './gc-pressure.ts';
import { json } from './json.ts';
import { leakedSockets } from './leaked-sockets.ts';
import { leakedTimers } from './leaked-timers.ts';
import { nextTickFlood } from './next-tick-flood.ts';
import { promiseFlood } from './promise-flood.ts';
import { regularExpression } from './regular-expression.ts';
import { sort } from './sort.ts';
import { syncCrypto } from './sync-crypto.ts';
import { threadPool } from './thread-pool.ts';
import { zlib } from './zlib.ts';

export const faults: readonly Fault[] = [
  cpuLoop,
  json,
  regularExpression,
  syncCrypto,
  zlib,
  fsSmall,
  fsLarge,
  execSync,
  sort,
  gcPressure,
  nextTickFlood,
  promiseFlood,
  threadPool,
  leakedTimers,
  leakedSockets,
];
