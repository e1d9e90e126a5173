// What end-to-end tests stand on: a build of the present sources, the Node releases of test/nodes, and what
// the applications of test/apps, the examples and the API reference's maker load. vitest calls `setup` once before the first of them.
import { readdirSync } from 'node:fs';
import { installLocked, runOrThrow } from './locked-install.ts';

/** Builds, and installs what is missing or whose lock file has changed. */
export function setup(): void {
  runOrThrow('the build', process.execPath, ['scripts/build.ts']);
  installLocked('test/nodes');
  for (const folder of [
    ...readdirSync('test/apps').map((app) => `test/apps/${app}`),
    'examples',
    'scripts/api-reference',
  ]) {
    installLocked(folder);
  }
}
