// The packages as they would be published: packed by npm into a folder outside the tree.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '../..');

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
}

export interface PackedPackage {
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly packedBytes: number;
  /** Bytes of each file, by path. */
  readonly files: ReadonlyMap<string, number>;
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Packs a package of the workspace into a folder. */
export function packPackage(name: 'sdk' | 'exporter', destination: string): PackedPackage {
  const output = runTool('npm', ['pack', '--json', '--pack-destination', destination], {
    cwd: join(root, 'packages', name),
  });
  const [report] = JSON.parse(output) as readonly PackReport[];
  if (report === undefined) {
    throw new Error(`npm packed nothing: ${output}`);
  }
  return {
    tarball: join(destination, report.filename),
    packedBytes: report.size,
    files: new Map(report.files.map(({ path, size }) => [path, size])),
  };
}

/** Unpacks a tarball of npm and returns its manifest. */
export function unpack(tarball: string, folder: string): Manifest {
  mkdirSync(folder, { recursive: true });
  runTool('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  return readManifest(folder);
}

/** A package's manifest. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Runs a tool to its end; fails with all that it said. */
export function runTool(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): string {
  // npm hands its own settings down by the environment; they are meant for the outer run.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) {
    const ending = error?.message ?? `ended with ${signal ?? status}`;
    throw new Error(`${command} ${args.join(' ')}: ${ending}\n${stdout}${stderr}`);
  }
  return stdout;
}
