import { describe, expect, test } from 'vitest';
import { findCycles } from './import-cycles.ts';
import { findForbiddenImports, importedPackages } from './import-rules.ts';
import { type ModuleGraph, readModuleGraph } from './module-graph.ts';
import { readManifest, readSourceFiles } from './source-files.ts';

describe('the sources', () => {
  const graph = readModuleGraph(readSourceFiles('{packages/*/src,grafana}/**/*.ts'));

  test('are all read', () => {
    expect(graph.has('packages/sdk/src/telemetry/index.ts')).toBe(true);
    expect(graph.get('packages/sdk/src/telemetry/index.ts')).toContainEqual({
      specifier: './catalogue.ts',
      kind: 'value',
      target: 'packages/sdk/src/telemetry/catalogue.ts',
    });
  });

  test('import only what their part of the architecture may', () => {
    expect(findForbiddenImports(graph)).toEqual([]);
  });

  test('have no import cycle', () => {
    expect(findCycles(graph)).toEqual([]);
  });

  test.each([
    ['packages/sdk', '', 'devDependencies'],
    // The exporter's entries import what is installed with it; this is bundled into the sdk, and in none of them.
    ['packages/exporter', '(?!src/declarative/)', 'dependencies'],
    ['packages/exporter', 'src/declarative/', 'devDependencies'],
  ] as const)('of %s/%s import only packages that its manifest lists under %s', (folder, files, list) => {
    const declared = Object.keys(readManifest(folder)[list] ?? {});
    const imported = importedPackages(graph, new RegExp(`^${folder}/${files}`));
    expect(declared).toEqual(expect.arrayContaining([...imported]));
  });
});

/** A graph of one file that imports another by the given code. */
function offending(file: string, code: string, target = 'packages/sdk/src/shared/clock.ts'): ModuleGraph {
  return readModuleGraph(
    new Map([
      [target, ''],
      [file, code],
    ]),
  );
}

describe('the rules forbid', () => {
  const sdk = 'packages/sdk/src';
  test.each([
    ['main to import the agent', `${sdk}/main/a.ts`, "import '../agent/b.ts';", `${sdk}/agent/b.ts`],
    [
      'main to import telemetry',
      `${sdk}/main/a.ts`,
      "export { b } from '../telemetry/b.ts';",
      `${sdk}/telemetry/b.ts`,
    ],
    [
      'the agent to import main, if only a type',
      `${sdk}/agent/a.ts`,
      "import type { B } from '../main/b.ts';",
      `${sdk}/main/b.ts`,
    ],
    [
      'shared to import telemetry by a type',
      `${sdk}/shared/a.ts`,
      "type B = import('../telemetry/b.ts').B;",
      `${sdk}/telemetry/b.ts`,
    ],
    [
      'telemetry to import the agent',
      `${sdk}/telemetry/a.ts`,
      "export * from '../agent/b.ts';",
      `${sdk}/agent/b.ts`,
    ],
    [
      'an entry to import telemetry',
      `${sdk}/index.ts`,
      "export type * from './telemetry/b.ts';",
      `${sdk}/telemetry/b.ts`,
    ],
    [
      'an entry to import the agent, if only later',
      `${sdk}/register.ts`,
      "await import('./agent/b.ts');",
      `${sdk}/agent/b.ts`,
    ],
    [
      'the exporter to reach into the sdk',
      'packages/exporter/src/a.ts',
      "import '../../sdk/src/telemetry/b.ts';",
      `${sdk}/telemetry/b.ts`,
    ],
    [
      'grafana to import the agent',
      'grafana/dashboards/a.ts',
      "import '../../packages/sdk/src/agent/b.ts';",
      `${sdk}/agent/b.ts`,
    ],
  ])('%s', (_name, file, code, target) => {
    expect(findForbiddenImports(offending(file, code, target))).toEqual([
      expect.stringContaining(`${file} imports`),
    ]);
  });

  test.each([
    ['the sdk the exporter', `${sdk}/agent/a.ts`, '@loopscope/exporter'],
    ['main a package', `${sdk}/main/a.ts`, '@opentelemetry/api'],
    ['shared a package', `${sdk}/shared/a.ts`, 'express'],
    ['the exporter the sdk but for its telemetry', 'packages/exporter/src/a.ts', '@loopscope/sdk'],
    ['grafana the sdk by its package', 'grafana/rules/a.ts', '@loopscope/sdk/telemetry'],
    ['any a module of Node without its prefix', `${sdk}/agent/a.ts`, 'fs'],
    ['any a file that is not there', `${sdk}/agent/a.ts`, './missing.ts'],
  ])('%s', (_name, file, specifier) => {
    expect(findForbiddenImports(offending(file, `import '${specifier}';`))).toEqual([
      expect.stringContaining(`${file} imports ${specifier}: `),
    ]);
  });

  test('computed specifiers and require', () => {
    const code =
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); require('express'); import(process.argv[2] ?? '');";
    expect(findForbiddenImports(offending(`${sdk}/main/a.ts`, code))).toEqual([
      expect.stringContaining('imports express'),
      expect.stringContaining('imports <computed>'),
    ]);
  });

  test('files outside every part', () => {
    expect(findForbiddenImports(offending(`${sdk}/helper.ts`, ''))).toEqual([
      `${sdk}/helper.ts belongs to no part of the architecture`,
    ]);
  });
});

describe('the rules allow', () => {
  test('what the architecture is made of', () => {
    const graph = readModuleGraph(
      new Map([
        ['packages/sdk/src/shared/b.ts', "import { hrtime } from 'node:process';"],
        ['packages/sdk/src/main/a.ts', "import '../shared/b.ts';"],
        ['packages/sdk/src/agent/a.ts', "import '../shared/b.ts'; import '@opentelemetry/api';"],
        ['packages/exporter/src/a.ts', "import '@loopscope/sdk/telemetry'; import '@opentelemetry/core';"],
      ]),
    );
    expect(findForbiddenImports(graph)).toEqual([]);
  });
});

describe('a cycle', () => {
  const graphOf = (sources: Readonly<Record<string, string>>): ModuleGraph =>
    readModuleGraph(new Map(Object.entries(sources)));

  test('is found and shown with its path', () => {
    const graph = graphOf({
      'a.ts': "import './b.ts';",
      'b.ts': "import { type C } from './c.ts';",
      'c.ts': "export * from './b.ts';",
    });
    expect(findCycles(graph)).toEqual(['b.ts -> c.ts -> b.ts']);
  });

  test('of a file with itself is found', () => {
    expect(findCycles(graphOf({ 'a.ts': "void import('./a.ts');" }))).toEqual(['a.ts -> a.ts']);
  });

  test('is none where a type closes it, or where two ways lead to one file', () => {
    const graph = graphOf({
      'a.ts': "import './b.ts'; import './c.ts';",
      'b.ts': "import './c.ts';",
      'c.ts': "import type { A } from './a.ts';",
    });
    expect(findCycles(graph)).toEqual([]);
  });
});
