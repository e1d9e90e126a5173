import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Report {
  readonly customers: number;
}

function makeReport(durationMs: number): Report {
  const end = performance.now() + durationMs;
  let customers = 0;
  while (performance.now() < end) customers += 1;
  return { customers };
}

const server = createServer((request, response) => {
  response.end(request.url === '/report' ? String(makeReport(300).customers > 0) : 'ok\n');
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
