// The frame of every benchmark: arguments in, measured on each Node release in turn, tables and bars
// out. A benchmark itself only measures.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setup } from '../../scripts/prepare-end-to-end.ts';
import type { NodeRelease } from '../../test/harness/nodes.ts';
import { type Bar, isHeld, renderBar } from './bar.ts';
import { type CommandLine, type ExtraOptions, parseCommandLine, usage } from './command-line.ts';
import { describeMachine, readLoad } from './machine.ts';
import { renderTable, type Table } from './table.ts';
import type { Written, WrittenResult } from './written.ts';

export interface BenchContext {
  readonly node: NodeRelease;
  readonly rounds: number;
  /** The package under measurement; its preload is `dist/register.js`. */
  readonly sdkFolder: string;
  /** The node's own version. */
  readonly version: string;
  /** By the names of the benchmark's own options. */
  readonly extra: CommandLine['extra'];
}

export interface Measurement {
  readonly tables: readonly Table[];
  readonly bars: readonly Bar[];
  /** Every reading, for the JSON file. */
  readonly readings: unknown;
  /** Lines that explain a figure, such as each miss. */
  readonly notes?: readonly string[];
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  /** What `--rounds` counts. */
  readonly roundsHelp: string;
  readonly measure: (context: BenchContext) => Promise<Measurement>;
  readonly extraOptions?: ExtraOptions;
  /** Is given all results, once they are printed. */
  readonly conclude?: (results: readonly Result[], commandLine: CommandLine) => void;
}

/** What was measured on one Node release. */
export interface Result {
  readonly version: string;
  readonly load: { readonly before: string; readonly after: string };
  readonly measurement: Measurement;
}

const root = resolve(import.meta.dirname, '../..');

/** Runs a benchmark as a command: exit code 1 for a missed bar, 2 for a wrong argument. */
export async function runBench(bench: Bench): Promise<void> {
  const commandLine = readCommandLine(bench);
  if (commandLine === undefined) {
    return;
  }
  if (commandLine.sdkFolder === undefined) {
    setup();
  }
  // The list of releases is read on load, and fails where they have not been installed.
  const { supportedNodes } = await import('../../test/harness/nodes.ts');
  const sdkFolder = resolve(commandLine.sdkFolder ?? `${root}/packages/sdk`);
  const machine = describeMachine();
  console.log(`${bench.title}\n${Object.values(machine).join(', ')}`.replace(/, (\d+), /, ', $1 cores, '));

  const results: Result[] = [];
  const missed: string[] = [];
  const { rounds, extra } = commandLine;
  for (const node of supportedNodes.filter(({ name }) => commandLine.nodes.includes(name))) {
    const version = execFileSync(node.path, ['--version'], { encoding: 'utf8' }).trim();
    const loadBefore = readLoad();
    const measurement = await bench.measure({ node, rounds, sdkFolder, version, extra });
    const load = { before: loadBefore, after: readLoad() };
    print(version, load, measurement);
    missed.push(...measurement.bars.filter((bar) => !isHeld(bar)).map(({ name }) => `${version}: ${name}`));
    results.push({ version, load, measurement });
  }
  bench.conclude?.(results, commandLine);
  if (commandLine.jsonFile !== undefined) {
    const written: Written = { bench: bench.name, machine, rounds, results: results.map(asJson) };
    writeFileSync(commandLine.jsonFile, `${JSON.stringify(written, null, 1)}\n`);
  }
  console.log(missed.length === 0 ? '\nAll bars held.' : `\nMissed: ${missed.join('; ')}.`);
  if (missed.length > 0 && commandLine.holdsBars) {
    process.exitCode = 1;
  }
}

function asJson({ version, load, measurement: { bars, readings } }: Result): WrittenResult<unknown> {
  return { version, load, bars: bars.map((bar) => ({ ...bar, held: isHeld(bar) })), readings };
}

function readCommandLine({ name, rounds, roundsHelp, extraOptions }: Bench): CommandLine | undefined {
  const help = usage(name, `${roundsHelp} (${rounds})`, extraOptions);
  try {
    const commandLine = parseCommandLine(rounds, extraOptions);
    if (commandLine === undefined) {
      console.log(help);
    }
    return commandLine;
  } catch (error) {
    console.error(`${(error as Error).message}\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}

function print(version: string, load: { before: string; after: string }, measurement: Measurement): void {
  const { tables, bars, notes = [] } = measurement;
  console.log(`\nNode ${version}   load average before: ${load.before}, after: ${load.after}\n`);
  for (const table of tables) {
    console.log(`${renderTable(table)}\n`);
  }
  console.log([...bars.map(renderBar), ...notes.map((note) => `  ${note}`)].join('\n'));
}
