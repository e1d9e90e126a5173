// Which part of the code may import which. The folder says which thread a file runs on; the threads
// meet only in `shared/`, and the packages only in the sdk's `telemetry`. The sdk's agent-thread.ts
// composes the two packages and lies outside every `src`, so no rule here speaks of it.
import { isBuiltin } from 'node:module';
import type { ModuleGraph, ModuleImport } from './module-graph.ts';

interface Part {
  readonly name: string;
  readonly files: RegExp;
  /** Names of the parts that it may import, beside itself. */
  readonly parts: readonly string[];
  readonly packages: (name: string) => boolean;
}

const none = (): boolean => false;
const notOurs = (name: string): boolean => !name.startsWith('@loopscope/');

const sdk = 'packages/sdk/src';
const parts: readonly Part[] = [
  {
    name: 'sdk entries',
    files: exactly(`${sdk}/index.ts`, `${sdk}/register.ts`),
    parts: ['sdk main', 'sdk shared'],
    packages: none,
  },
  { name: 'sdk main', files: within(`${sdk}/main`), parts: ['sdk shared'], packages: none },
  {
    name: 'sdk agent',
    files: within(`${sdk}/agent`),
    parts: ['sdk shared', 'sdk telemetry'],
    packages: notOurs,
  },
  { name: 'sdk shared', files: within(`${sdk}/shared`), parts: [], packages: none },
  { name: 'sdk telemetry', files: within(`${sdk}/telemetry`), parts: ['sdk shared'], packages: none },
  {
    name: 'exporter main',
    files: within('packages/exporter/src/main'),
    parts: ['exporter shared'],
    packages: (name) => name === '@loopscope/sdk' || name === '@loopscope/sdk/telemetry',
  },
  {
    name: 'exporter shared',
    files: within('packages/exporter/src/shared'),
    parts: [],
    packages: (name) => name === '@loopscope/sdk/telemetry',
  },
  {
    name: 'exporter',
    files: /^packages\/exporter\/src\/(?!main\/|shared\/)/,
    parts: ['exporter shared'],
    packages: (name) => notOurs(name) || name === '@loopscope/sdk/telemetry',
  },
  {
    name: 'grafana',
    files: within('grafana'),
    // By path, since a page can be made before anything is built.
    parts: ['sdk telemetry', 'demo-app'],
    packages: notOurs,
  },
  { name: 'demo-app', files: within('packages/demo-app/src'), parts: [], packages: () => true },
];

/** One line for each import that is not allowed. */
export function findForbiddenImports(graph: ModuleGraph): readonly string[] {
  return [...graph].flatMap(([file, imports]) => {
    const part = partOf(file);
    if (part === undefined) {
      return [`${file} belongs to no part of the architecture`];
    }
    return imports.flatMap((each) => {
      const reason = reasonAgainst(part, each, graph);
      return reason === undefined ? [] : [`${file} imports ${each.specifier}: ${reason}`];
    });
  });
}

function reasonAgainst(
  part: Part,
  { specifier, target }: ModuleImport,
  graph: ModuleGraph,
): string | undefined {
  if (target !== undefined) {
    if (!graph.has(target)) {
      return 'there is no such source file';
    }
    const other = partOf(target);
    const allowed = other !== undefined && (other === part || part.parts.includes(other.name));
    return allowed ? undefined : `${part.name} may not import ${other?.name ?? target}`;
  }
  if (specifier.startsWith('node:')) {
    return undefined;
  }
  if (isBuiltin(specifier)) {
    return 'modules of Node are imported as node:';
  }
  return part.packages(specifier) ? undefined : `${part.name} may not import this package`;
}

/** The packages that a graph imports, by package name without subpath. */
export function importedPackages(graph: ModuleGraph, files: RegExp): ReadonlySet<string> {
  const specifiers = [...graph].flatMap(([file, imports]) => (files.test(file) ? imports : []));
  return new Set(
    specifiers
      .filter(({ specifier, target }) => target === undefined && !isBuiltin(specifier))
      .map(({ specifier }) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')),
  );
}

function partOf(file: string): Part | undefined {
  return parts.find(({ files }) => files.test(file));
}

function within(folder: string): RegExp {
  return new RegExp(`^${folder}/`);
}

function exactly(...files: readonly string[]): RegExp {
  return new RegExp(`^(?:${files.map((file) => file.replaceAll('.', '\\.')).join('|')})$`);
}
