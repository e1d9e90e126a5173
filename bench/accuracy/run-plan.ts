// Which processes are run, for how much of what. Pure.
import { planBlocks, type Step } from './plan.ts';
import { type Scenario, scenarios, seedOf } from './scenarios.ts';
import { blockedAt } from './tools/blocked-at.ts';
import { loopscope } from './tools/loopscope.ts';
import { scrapedTools } from './tools/scraped.ts';
import { sentry } from './tools/sentry.ts';
import type { Tool } from './tools/tool.ts';

export interface PlannedRun {
  readonly name: string;
  readonly tool: Tool;
  readonly scenario: Scenario;
  readonly steps: readonly Step[];
  /** Whether every tool goes through it. */
  readonly shared: boolean;
}

export interface RunPlanOptions {
  /** For each load. */
  readonly blocks: number;
  readonly quietMinutes: number;
  readonly peers: boolean;
  readonly workers: boolean;
  readonly quick: boolean;
}

/** A process lists its latest stalls only, and a long list would slow the asking. */
const blocksPerProcess = 44;
const quietMsPerProcess = 60_000;
const outsideProcesses = 1;
const quickScenarios: readonly string[] = ['idle'];

/** Tools take turns, so that what drifts over a run drifts for all of them. */
export function planRuns(options: RunPlanOptions): readonly PlannedRun[] {
  const { blocks, quietMinutes, peers, workers, quick } = options;
  const tools = [loopscope, ...(peers ? [sentry, blockedAt, ...scrapedTools] : [])];
  const wanted = scenarios.filter(
    ({ name, group }) => (workers || group !== 'workers') && (!quick || quickScenarios.includes(name)),
  );
  return wanted
    .flatMap((scenario) => {
      const shared = isShared(scenario);
      const parts = partsOf(scenario, blocks, quietMinutes);
      return parts.flatMap((steps, part) =>
        (shared ? tools : [loopscope]).map((tool) => ({
          name: `${tool.name} ${scenario.name} ${part + 1} of ${parts.length}`,
          tool,
          scenario,
          steps,
          shared,
          part,
        })),
      );
    })
    .sort((a, b) => a.part - b.part);
}

/** Peers are asked what they claim: to see blocks of the main thread, and not to see suspensions. */
function isShared({ group, name }: Scenario): boolean {
  return group === 'blocks' || name === 'suspended';
}

function partsOf(scenario: Scenario, blocks: number, quietMinutes: number): readonly (readonly Step[])[] {
  const { group, outside } = scenario;
  if (group === 'blocks' || group === 'workers') {
    const count = Math.ceil(blocks / blocksPerProcess);
    return Array.from({ length: count }, (_, part) => {
      const amount = Math.min(blocksPerProcess, blocks - part * blocksPerProcess);
      return planBlocks(amount, seedOf(scenario, part));
    });
  }
  const totalMs = quietMinutes * 60_000;
  const count = outside === undefined ? Math.ceil(totalMs / quietMsPerProcess) : outsideProcesses;
  return Array.from({ length: count }, (_, part) => {
    const quietMs = Math.min(quietMsPerProcess, totalMs / (outside === undefined ? count : 1));
    return scenario.steps({ blocks, quietMs }, seedOf(scenario, part));
  });
}
