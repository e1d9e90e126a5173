// Builds what is published: `npm run build`, or `node scripts/build.ts --force` to build all anew.
// Says one line on success and, for each target that failed, why.
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { hashInputs, isUpToDate, writeStamp } from './build/stamp.ts';
import { BuildFailure } from './build/target.ts';
import { buildTargets } from './build/targets.ts';

const root = resolve(import.meta.dirname, '..');

async function build(force: boolean): Promise<void> {
  const began = performance.now();
  const made: string[] = [];
  let failed = false;
  for (const target of buildTargets) {
    const inputs = hashInputs(root, target);
    if (!force && isUpToDate(root, target, inputs)) {
      continue;
    }
    try {
      writeStamp(root, target, inputs, await target.make(root));
      made.push(target.name);
    } catch (error) {
      failed = true;
      console.error(`build: ${target.name} failed\n${describe(error)}\n`);
    }
  }
  const elapsed = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  if (failed) {
    process.exitCode = 1;
  } else if (made.length === 0) {
    console.log('build: up to date');
  } else {
    console.log(`build: ${made.length === buildTargets.length ? 'all' : made.join(', ')} in ${elapsed}`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  // The bundler collects what it found in `errors`, ours among it, and puts stacks into its message.
  const expected = error instanceof BuildFailure || 'errors' in error;
  const text = expected ? error.message.replaceAll(/\n\s+at .*/g, '') : (error.stack ?? error.message);
  return text.replaceAll(`${root}/`, '');
}

await build(process.argv.includes('--force'));
