// Records what causes are told from: real blocks of each kind on each Node release, as the agent found
// them, for the unit test of the verdict. To be run where the machine has a CPU to spare: a block that
// waited for one is recorded again. Kinds may be named as arguments, releases by TEST_NODES.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Findings } from '../packages/sdk/src/agent/cause/evidence.ts';
import { supportedNodes } from '../test/harness/nodes.ts';

const kinds = [
  'cpu-loop',
  'deep-recursion',
  'regular-expression',
  'sort-comparator',
  'atomics-wait',
  'next-tick',
  'promise',
  'gc-pressure',
  'json-parse',
  'pbkdf2-sync',
  'exec-sync',
  'fs-sync',
  'after-await',
];
const blockMs = 400;
const mostTries = 10;
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The longest stall that the agent found during one block. */
async function record(node: string, kind: string): Promise<Findings> {
  const preload = ['--import', path('../packages/sdk/dist/register.js')];
  const child = spawn(node, [...preload, path('../test/fixtures/blocks/app.mjs')], {
    env: { NODE_DEBUG: 'loopscope', LOOPSCOPE_EXPORTERS: 'none' },
  });
  let longest: Findings | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    const text = /findings of stall \d+: (.*)/.exec(line)?.[1];
    const found = text === undefined ? undefined : (JSON.parse(text) as Findings);
    longest = found && found.end > (longest?.end ?? 0) ? found : longest;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  setTimeout(() => {
    longest = undefined;
    child.stdin.write(`${kind} ${blockMs}\n`);
  }, 1500);
  await lines.next();
  setTimeout(() => child.stdin.end(), 400);
  await new Promise((resolve) => child.on('close', resolve));
  if (longest === undefined) {
    throw new Error(`${kind}: no stall was found`);
  }
  return longest;
}

function waitedMs({ schedule }: Findings): number {
  return (schedule.at(-1)?.waitMs ?? 0) - (schedule[0]?.waitMs ?? 0);
}

/** One line for each kind, so that a change shows which. */
function write(file: string, recorded: Readonly<Record<string, Findings>>): void {
  const lines = Object.entries(recorded).map(([kind, found]) => `"${kind}":${JSON.stringify(found)}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}

const asked = process.argv.slice(2);
for (const { name, path: node } of supportedNodes) {
  const file = path(`../packages/sdk/test/agent/cause/recorded/node-${name}.json`);
  const recorded: Record<string, Findings> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const kind of asked.length > 0 ? asked : kinds) {
    let outcome = 'waited for a CPU each time: not recorded';
    for (let tries = 0; tries < mostTries; tries += 1) {
      const found = await record(node, kind);
      if (waitedMs(found) < found.end / 5) {
        recorded[kind] = found;
        outcome = `${found.end} ms`;
        break;
      }
    }
    process.stdout.write(`${name} ${kind}: ${outcome}\n`);
    write(file, recorded);
  }
}
