// One schedule in a running process, and what it says of itself, what Loopscope says and what the peers say.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pass } from 'node:timers/promises';
import type { RunningProcess } from '../harness/running-process.ts';
import { type Delays, probe } from './delays.ts';
import { type Block, planBlocks, type Schedule } from './schedule.ts';
import { difference, type Gauges, readOurs, readPeer } from './scrape.ts';

export interface Target {
  readonly running: RunningProcess;
  /** Of the program's own server. */
  readonly port: number;
  readonly ours: string;
  readonly peers: readonly Peer[];
}

export interface Peer {
  readonly name: string;
  readonly url: string;
  /** Of its metrics' names. */
  readonly prefix: string;
}

export interface DelayRun {
  readonly schedule: Schedule;
  readonly utilization: number;
  readonly truth: Delays;
  /** All delays of the probe, ascending, in seconds. */
  readonly probed: readonly number[];
  readonly ours: Delays;
  readonly oursGauges: Gauges;
  readonly explained: number;
  /** For which Loopscope took the process to be suspended. */
  readonly suspendedMs: number;
  /** For which the main thread was ready and got no processor: delay, but none of the schedule's. */
  readonly starvedMs: number;
  /** By name: the readings of each scrape. */
  readonly peers: Readonly<Record<string, readonly Gauges[]>>;
}

/** Until a sample of the agent's has come after the last block. */
const settlingMs = 2_500;
/** Each reading of a peer's starts it anew, so it is read as often as Prometheus would. */
const peerEveryMs = 5_000;
/** So that requests come while one is worked on. */
const saturatingClients = 3;

export async function runSchedule(
  target: Target,
  schedule: Schedule,
  seed: number,
  durationMs: number,
): Promise<DelayRun> {
  const { running } = target;
  await pass(settlingMs);
  const before = await readOurs(target.ours);
  await Promise.all(target.peers.map(({ url, prefix }) => readPeer(url, prefix)));
  const began = running.printedNext(/^\{"began":(.*)\}$/);
  running.tell(JSON.stringify({ begin: true }));
  const start = Number((await began).match[1]);
  const waitedBefore = readWaitMs(running.pid);
  const stopReading = readPeers(target.peers);
  await hold(target, schedule, seed, durationMs);
  await pass(settlingMs);
  const after = await readOurs(target.ours);
  const starvedMs = readWaitMs(running.pid) - waitedBefore;
  const ended = running.printedNext(/^\{"ended".*/);
  running.tell('{}');
  const facts = JSON.parse((await ended).match[0]) as { ended: number; held: [number, number][] };
  const { delays, all } = probe(facts.held, start, facts.ended);
  const heldMs = facts.held.reduce((sum, [from, to]) => sum + to - from, 0);
  return {
    schedule,
    utilization: heldMs / (facts.ended - start),
    truth: delays,
    probed: all,
    ours: difference(after.delays, before.delays),
    oursGauges: after.gauges,
    explained: after.explained,
    suspendedMs: after.suspendedMs - before.suspendedMs,
    starvedMs,
    peers: await stopReading(),
  };
}

function readWaitMs(pid: number): number {
  const [, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waited) / 1e6;
}

async function hold(target: Target, schedule: Schedule, seed: number, durationMs: number): Promise<void> {
  if (schedule.from === 'nothing') {
    await pass(durationMs);
    return;
  }
  const plan = planBlocks(schedule, seed, durationMs);
  if (schedule.from === 'timers') {
    const done = target.running.printedNext(/^\{"done":true\}$/);
    target.running.tell(JSON.stringify({ timers: plan, durationMs }));
    await done;
    return;
  }
  const agent = new Agent({ keepAlive: true });
  const clients = schedule.load < 1 ? 1 : saturatingClients;
  const end = performance.now() + durationMs;
  const next = plan.values();
  await Promise.all(Array.from({ length: clients }, () => holdByRequests(target.port, agent, next, end)));
  agent.destroy();
}

/** One client: a pause, and a request whose handler blocks. */
async function holdByRequests(port: number, agent: Agent, plan: Iterator<Block>, end: number): Promise<void> {
  for (let { value, done } = plan.next(); !done && performance.now() < end; { value, done } = plan.next()) {
    const { pauseMs, lengthMs } = value as Block;
    await pass(pauseMs);
    await new Promise<void>((resolve, reject) => {
      const headers = { 'x-hold-ms': lengthMs };
      request({ host: '127.0.0.1', port, agent, headers }, (response) => {
        response.resume().on('end', resolve);
      })
        .on('error', reject)
        .end();
    });
  }
}

/** Reads the peers at a fixed pace; the function returned ends it. What got no answer is left out. */
function readPeers(peers: readonly Peer[]): () => Promise<DelayRun['peers']> {
  const readings: Record<string, Promise<Gauges | undefined>[]> = {};
  const readAll = (): void => {
    for (const { name, url, prefix } of peers) {
      readings[name] ??= [];
      readings[name].push(readPeer(url, prefix).catch(() => undefined));
    }
  };
  const timer = setInterval(readAll, peerEveryMs);
  return async () => {
    clearInterval(timer);
    readAll();
    const all = await Promise.all(
      Object.entries(readings).map(async ([name, each]) => [name, await Promise.all(each)] as const),
    );
    return Object.fromEntries(
      all.map(([name, each]) => [name, each.filter((gauges) => gauges !== undefined)]),
    );
  };
}
