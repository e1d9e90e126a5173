// One process, watched by one tool through one scenario: what it did, and what was said of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { endsWithUs } from '../harness/children.ts';
import { launch, type RunningProcess } from '../harness/running-process.ts';
import { benchFile } from '../harness/variant.ts';
import type { Step } from './plan.ts';
import { type ProgramTruth, readTruth } from './program-truth.ts';
import type { Clients, Scenario } from './scenarios.ts';
import type { Tool, ToolSettings } from './tools/tool.ts';
import type { Forbidden, Run } from './truth.ts';

/** All tools have had the time to begin by then. */
const warmUpMs = 1_500;
/** Beside the steps' own durations, which some kinds exceed twofold. */
const capMs = 120_000;

export async function runOnce(
  tool: Tool,
  scenario: Scenario,
  steps: readonly Step[],
  settings: ToolSettings,
): Promise<Run> {
  await using prepared = await tool.prepare(settings);
  const args = [...(scenario.args ?? []), benchFile('accuracy/program/main.mjs')];
  await using running = launch({ node: settings.node, variant: prepared.variant, args });
  const { match } = await running.printed(/^\{"ready":true,"url":"(.*)"\}/);
  const clients = scenario.clients && startClients(match[1] ?? '', scenario.clients);
  try {
    await pass(warmUpMs);
    const watch = await prepared.watch(running);
    running.eachLine((line) => {
      if (line.startsWith('{"beginning"')) {
        watch.beginning();
      }
    });
    const { truth, forbidden } = await goThrough(running, scenario, steps);
    const reports = await watch.finish();
    return {
      tool: tool.name,
      load: scenario.name,
      forbidden,
      reports,
      ...readTruth(truth, scenario),
      machineLoad: loadavg()[0] ?? Number.NaN,
    };
  } finally {
    clients?.kill('SIGKILL');
  }
}

async function goThrough(
  running: RunningProcess,
  scenario: Scenario,
  steps: readonly Step[],
): Promise<{ truth: ProgramTruth; forbidden: readonly Forbidden[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'accuracy-truth-'));
  try {
    const truthFile = join(folder, 'truth.json');
    const { count: workers = 0, together = false } = scenario.workers ?? {};
    const plannedMs = steps.reduce((sum, { durationMs, gapMs = 0 }) => sum + durationMs + gapMs, 0);
    const done = running.printed(/^\{"done":true\}/, { capMs: 2 * plannedMs + capMs });
    running.tell(JSON.stringify({ steps, workers, together, truthFile }));
    const [forbidden = []] = await Promise.all([scenario.outside?.(running, plannedMs), done]);
    return { truth: JSON.parse(readFileSync(truthFile, 'utf8')) as ProgramTruth, forbidden };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startClients(url: string, { count, pauseMs, work }: Clients): ChildProcess {
  const args = [
    benchFile('accuracy/program/load.mjs'),
    `${url}/?work=${work}`,
    String(count),
    String(pauseMs),
  ];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  endsWithUs(child);
  return child;
}
