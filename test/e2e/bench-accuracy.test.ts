// The measurement of accuracy, all of it on few blocks: the program's truth, the reports of it, the score.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { matchRun } from '../../bench/accuracy/matching.ts';
import type { Run } from '../../bench/accuracy/truth.ts';

const bench = fileURLToPath(new URL('../../bench/accuracy.ts', import.meta.url));

test('the blocks that a program makes are matched with what is reported of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'accuracy-test-'));
  try {
    const args = [bench, '--quick', '--no-bar', '--node', '24', '--rounds', '8', '--runs', folder];
    const output = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, args, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${stdout}${stderr}`, { cause: error })),
      );
    });
    const [file = ''] = readdirSync(folder);
    const run = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Run;
    expect(run.blocks).toHaveLength(8);
    const { verdicts, missed } = matchRun(run, 50);
    expect(verdicts.filter(({ outcome }) => outcome === 'found').length).toBeGreaterThan(0);
    expect(missed).toEqual([]);
    expect(output).toContain('recall of blocks of 65 ms or more: 100.0 %');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
