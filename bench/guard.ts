// Whether anything has become dearer: the benchmarks of cost, run again in short, each figure with its interval held
// against the interval that was recorded. A figure has worsened where the two don't touch: what lies within them is
// noise. For a job of its own in CI, on machines that are alike; `--record` takes the present figures for the record.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figure, figuresOf, worsened } from './harness/record.ts';
import type { Written } from './harness/written.ts';

const root = resolve(import.meta.dirname, '..');
const recordFile = join(root, 'bench/record.json');

/** Those whose figures are ratios to what runs beside them, so that they carry over from machine to machine. */
const benches: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'idle', args: ['--rounds', '2'] },
  { name: 'overhead', args: ['--rounds', '10'] },
  { name: 'start-up', args: ['--rounds', '12'] },
];

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    node: { type: 'string', default: '24' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'loopscope-guard-'));
const present: Record<string, Figure> = {};
try {
  for (const { name, args } of benches) {
    const json = join(folder, `${name}.json`);
    const { status } = spawnSync(
      process.execPath,
      [`bench/${name}.ts`, '--no-bar', '--node', values.node, '--json', json, ...args],
      { cwd: root, stdio: 'inherit' },
    );
    if (status !== 0) {
      throw new Error(`bench/${name}.ts ended with ${status}`);
    }
    Object.assign(present, figuresOf(JSON.parse(readFileSync(json, 'utf8')) as Written));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const recorded = existsSync(recordFile)
  ? (JSON.parse(readFileSync(recordFile, 'utf8')) as Record<string, Figure>)
  : {};
if (values.record) {
  writeFileSync(recordFile, `${JSON.stringify({ ...recorded, ...present }, null, 2)}\n`);
  console.log(`\nRecorded ${Object.keys(present).length} figures.`);
} else {
  const asked = Object.entries(recorded).filter(
    ([name]) => values.node === 'all' || name.includes(`, Node ${values.node}: `),
  );
  const found = worsened(present, Object.fromEntries(asked));
  console.log(found.length === 0 ? '\nNothing has worsened beyond the noise.' : `\n${found.join('\n')}`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
