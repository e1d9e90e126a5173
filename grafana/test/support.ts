// The committed dashboards and rules as tests read them.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';

export const grafanaFolder: string = resolve(import.meta.dirname, '..');

export const dashboards: readonly sdk.Dashboard[] = globSync('generated/dashboards/*.json', {
  cwd: grafanaFolder,
})
  .sort()
  .map((file) => JSON.parse(readFileSync(join(grafanaFolder, file), 'utf8')) as sdk.Dashboard);

/** Why a test that needs a program is skipped; undefined where the program is there. */
export function missing(program: string): string | undefined {
  return spawnSync(program, ['--version']).error === undefined ? undefined : `${program} is not installed`;
}

/** Runs promtool on files that exist for as long as it runs. */
export function promtool(
  args: (path: (name: string) => string) => readonly string[],
  files: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-rules-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout, stderr } = spawnSync('promtool', [...args((name) => join(folder, name))], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
