// A project of somebody else, outside the tree, that has installed the packed packages and nothing
// that they do not declare.
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packPackage, readManifest, root, runTool, unpack } from './packed-packages.ts';

export interface ConsumerProject {
  readonly folder: string;
  /** Writes a file of the project and returns its path. */
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
}

/** A project with the sdk alone, installed by npm with no registry to be had. */
export function createSdkProject(): ConsumerProject {
  const project = createEmptyProject();
  const { tarball } = packPackage('sdk', project.folder);
  runTool('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project.folder });
  return project;
}

/** A project with the sdk and the exporter, whose dependencies come from the workspace. */
export function createExporterProject(): ConsumerProject {
  const project = createSdkProject();
  const { tarball } = packPackage('exporter', project.folder);
  const modules = join(project.folder, 'node_modules');
  const { dependencies = {} } = unpack(tarball, join(modules, '@loopscope/exporter'));
  for (const [name, version] of Object.entries(dependencies)) {
    addFromWorkspace(modules, name, version);
  }
  return project;
}

function createEmptyProject(): ConsumerProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'loopscope-consumer-')));
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true }');
  return {
    folder,
    write: (name, text) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Copies a package and all that it depends on, from where npm has put it for the workspace. */
function addFromWorkspace(modules: string, name: string, version?: string): void {
  const destination = join(modules, name);
  if (existsSync(destination)) {
    return;
  }
  const source = join(root, 'node_modules', name);
  const manifest = readManifest(source);
  if (version !== undefined && manifest.version !== version) {
    throw new Error(`${name} is declared as ${version}, and installed as ${manifest.version}`);
  }
  cpSync(source, destination, { recursive: true });
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!existsSync(join(source, 'node_modules', dependency))) {
      addFromWorkspace(modules, dependency);
    }
  }
}
