// Healthy traffic at a small, steady rate, as a process of its own so that it goes on asking while
// the service is blocked. It stops by itself.
//
//   node src/load.ts --url http://127.0.0.1:3000 --rate 20 --seconds 60
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { summarizeLatencies } from './latency-summary.ts';
import type { LoadSummary } from './messages.ts';
import { onStopRequest } from './stop-request.ts';

const mostInFlight = 32;
const mostRate = 200;
const mostSeconds = 600;
const requestTimeoutMs = 30_000;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
  },
});
const rate = bounded('--rate', values.rate, mostRate);
const seconds = bounded('--seconds', values.seconds, mostSeconds);

const agent = new Agent({ keepAlive: true, maxSockets: mostInFlight });
const latenciesMs: number[] = [];
let failures = 0;
let inFlight = 0;
let sent = 0;

const timer = setInterval(() => {
  // What the service can't take is not piled up: real clients give up too.
  if (inFlight < mostInFlight) {
    ask(sent++);
  }
}, 1000 / rate);
const end = setTimeout(stop, seconds * 1000);
onStopRequest(stop);

function ask(turn: number): void {
  const start = performance.now();
  let done = false;
  const settle = (good: boolean): void => {
    if (!done) {
      done = true;
      inFlight--;
      if (good) {
        latenciesMs.push(performance.now() - start);
      } else {
        failures++;
      }
    }
  };
  inFlight++;
  const isOrder = turn % 10 === 0;
  const path = isOrder ? '/orders' : turn % 5 === 1 ? '/orders' : `/orders/${1 + (turn % 100)}`;
  const call = request(new URL(path, values.url), {
    agent,
    method: isOrder ? 'POST' : 'GET',
    headers: isOrder ? { 'content-type': 'application/json' } : {},
    timeout: requestTimeoutMs,
  });
  call.on('timeout', () => call.destroy());
  call.on('error', () => settle(false));
  call.on('close', () => settle(false));
  call.on('response', (response) => {
    response.on('end', () => settle(response.statusCode !== undefined && response.statusCode < 500));
    response.resume();
  });
  call.end(isOrder ? '{"customer":"customer-3","totalCents":1299}' : undefined);
}

function stop(): void {
  clearInterval(timer);
  clearTimeout(end);
  const summary: LoadSummary = { kind: 'summary', failures, ...summarizeLatencies(latenciesMs) };
  agent.destroy();
  if (process.connected) {
    process.send?.(summary, () => process.disconnect());
  } else if (process.send === undefined) {
    console.log(summary);
  }
}

function bounded(name: string, value: string, most: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    console.error(`${name} must be a whole number from 1 to ${most}, not ${JSON.stringify(value)}.`);
    process.exit(2);
  }
  return number;
}
