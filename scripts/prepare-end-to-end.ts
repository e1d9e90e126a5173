// What end-to-end tests stand on: a build of the present sources, and the Node releases of
// test/nodes. vitest calls `setup` once before the first of them.
import { installLocked, runOrThrow } from './locked-install.ts';

/** Builds, and installs the Node releases where they are missing or their lock file has changed. */
export function setup(): void {
  runOrThrow('the build', process.execPath, ['scripts/build.ts']);
  installLocked('test/nodes');
}
