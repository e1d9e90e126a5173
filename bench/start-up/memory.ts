// Resident memory of an idle process, once it has settled. The variants of a round stand side by
// side: memory, unlike time, does not suffer from neighbours.
import { setTimeout as pass } from 'node:timers/promises';
import type { NodeRelease } from '../../test/harness/nodes.ts';
import { ask } from '../../test/harness/scrape.ts';
import { until } from '../../test/harness/until.ts';
import type { Measurement } from '../harness/bench.ts';
import type { Collector } from '../harness/collector.ts';
import { listening, tellsAddress } from '../harness/listening.ts';
import type { Readings } from '../harness/quiet-rounds.ts';
import { launch, type RunningProcess, readResidentBytes } from '../harness/running-process.ts';
import type { Table } from '../harness/table.ts';
import { benchFile, type Variant } from '../harness/variant.ts';
import { barOver, compareTo } from './comparison.ts';

export interface MemoryOptions {
  readonly node: NodeRelease;
  readonly rounds: number;
  readonly nothing: Variant;
  readonly floor: Variant;
  readonly ours: Variant;
  readonly oursWithOtlp: Variant;
  readonly collector: Collector;
}

const soonMs = 1_500;
const laterMs = 10_000;
const mebibyte = 1_048_576;

export async function measureMemory(options: MemoryOptions): Promise<Measurement> {
  const { floor, oursWithOtlp } = options;
  const soon: Record<string, number[]> = {};
  const later: Record<string, number[]> = {};
  for (let round = 0; round < options.rounds; round += 1) {
    await measureRound(options, soon, later);
  }
  const table = (title: string, readings: Readings): Table =>
    compareTo(floor.name, title, { readings, quiet: options.rounds, disturbed: 0 });
  const bar = {
    name: 'resident memory over the floor with Prometheus and OTLP on, median',
    limit: 12,
    unit: 'MiB',
  };
  return {
    tables: [
      table(`Resident memory after ${soonMs / 1_000} s, one scrape and one push (MiB)`, soon),
      table(`The same after ${laterMs / 1_000} s, scraped and pushed each second (MiB)`, later),
    ],
    bars: [barOver(floor.name, oursWithOtlp.name, soon, bar)],
    readings: { residentMiB: { soon, later } },
  };
}

async function measureRound(
  { node, nothing, floor, ours, oursWithOtlp, collector }: MemoryOptions,
  soon: Record<string, number[]>,
  later: Record<string, number[]>,
): Promise<void> {
  await using scope = new AsyncDisposableStack();
  const args = [benchFile('programs/idle.mjs')];
  const start = (variant: Variant): RunningProcess =>
    scope.use(launch({ node, variant, args, env: tellsAddress }));
  const pushesBefore = collector.taken();
  const spawnedAt = performance.now();
  const running = [nothing, floor, ours, oursWithOtlp].map((variant) => ({
    variant,
    process: start(variant),
  }));
  const untilAge = (ms: number): Promise<void> => pass(Math.max(0, spawnedAt + ms - performance.now()));
  const read = (readings: Record<string, number[]>): void => {
    for (const { variant, process } of running) {
      const own = readings[variant.name] ?? [];
      own.push(readResidentBytes(process.pid) / mebibyte);
      readings[variant.name] = own;
    }
  };
  // Work that every process with the agent does sooner or later must not be left out.
  const withAgent = running.filter(({ variant }) => variant === ours || variant === oursWithOtlp);
  const endpoints = await Promise.all(withAgent.map(({ process }) => listening(process)));
  const scrape = async (): Promise<void> => {
    await Promise.all(endpoints.map(async ({ url }) => (await ask(url, '/metrics')).text()));
  };
  await scrape();
  await until('metrics are pushed', () => collector.taken() > pushesBefore);
  await untilAge(soonMs);
  read(soon);
  for (let age = soonMs + 1_000; age < laterMs; age += 1_000) {
    await untilAge(age);
    await scrape();
  }
  await untilAge(laterMs);
  read(later);
}
