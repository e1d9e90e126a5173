// The Node releases that the end-to-end tests run on. They are installed under test/nodes by the
// test set-up, apart from the Node that runs the tests themselves.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface NodeRelease {
  /** As it is shown in a test's name, such as `22` or `22.15`. */
  readonly name: string;
  readonly major: number;
  /** Path of the executable. */
  readonly path: string;
}

function release(name: string): NodeRelease {
  const folder = `node-${name}-${process.platform}-${process.arch}`;
  const path = fileURLToPath(new URL(`../nodes/node_modules/${folder}/bin/node`, import.meta.url));
  return { name, major: Number.parseInt(name, 10), path };
}

function installed(names: readonly string[]): readonly NodeRelease[] {
  const releases = names.map(release);
  const missing = releases.filter(({ path }) => !existsSync(path));
  if (missing.length > 0) {
    const list = missing.map(({ name, path }) => `${name} (${path})`).join(', ');
    throw new Error(`Node releases are not installed: ${list}. Run: npm ci --prefix test/nodes`);
  }
  return releases;
}

// `TEST_NODES=24` narrows the matrix while one works on a test.
const asked = process.env['TEST_NODES']?.split(',');

/** The matrix: the latest release of each supported line. */
export const supportedNodes: readonly NodeRelease[] = installed(
  ['22', '24', '26'].filter((name) => asked === undefined || asked.includes(name)),
);

// These exist for x64 only, which is enough: they differ by version, not by architecture.
const olderNodesExist = process.arch === 'x64';

/** The oldest release that is supported. */
export const oldestSupportedNodes: readonly NodeRelease[] = olderNodesExist ? installed(['22.15']) : [];

/** Releases on which Loopscope must do nothing at all. */
export const unsupportedNodes: readonly NodeRelease[] = olderNodesExist ? installed(['18', '20']) : [];
