// The demo as the README tells a newcomer to run it, once through.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const demo = fileURLToPath(new URL('../../packages/demo-app/src/demo.ts', import.meta.url));

test('each fault that blocks is named while it blocks, and no other is reported', async () => {
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, [demo, '--once'], { timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: `${stdout}${stderr}` });
    });
  });
  expect(code, output).toBe(0);
  expect(output).toContain('STILL BLOCKED');
}, 130_000);
