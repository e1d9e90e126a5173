// blocked-at at the threshold of PEER_THRESHOLD_MS. It calls back on the blocked loop, so what it tells
// is printed there and then, with the time on the clock that all processes share.
import { writeSync } from 'node:fs';
import blockedAt from 'blocked-at';

blockedAt(
  (blockedMs, stack) => {
    const at = Number(process.hrtime.bigint()) / 1e6;
    writeSync(2, `BLOCKED-AT ${JSON.stringify({ at, blockedMs, stack })}\n`);
  },
  { threshold: Number(process.env.PEER_THRESHOLD_MS) },
);
