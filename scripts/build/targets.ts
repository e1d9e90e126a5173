// Everything that the build makes. The sdk's entries are apart, with no shared chunk: the preload is
// read on every start of the application, and each file more is a read and a parse more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './file-placement.ts';
import type { BuildTarget } from './target.ts';

const sdk = 'packages/sdk';
const exporter = 'packages/exporter';
const sdkSources = [`${sdk}/src`, `${sdk}/package.json`];
const exporterSources = [`${exporter}/src`, `${exporter}/package.json`];

// The bundler is loaded only where something is to be made: a build that is up to date is quick.
async function loadBundler(): Promise<typeof import('./bundle.ts')> {
  return await import('./bundle.ts');
}

/** An entry that runs as it is built: the sdk's with nothing to import, the exporter's with what its package.json declares. */
function entry(of: 'sdk' | 'exporter', name: string, source: string): BuildTarget {
  const folder = of === 'sdk' ? sdk : exporter;
  return {
    name: `${of} ${name}`,
    inputs: of === 'sdk' ? sdkSources : exporterSources,
    make: async (root) =>
      (await loadBundler()).bundle(root, {
        entry: `${folder}/src/${source}`,
        file: `${folder}/dist/${name}`,
        format: 'esm',
        packages: of === 'sdk' ? 'forbidden' : 'imported',
      }),
  };
}

function declarations(name: string, folder: string, inputs: readonly string[]): BuildTarget {
  return {
    name: `${name} declarations`,
    inputs: [...inputs, `${folder}/tsconfig.build.json`],
    make: async (root) => (await import('./declarations.ts')).emitDeclarations(root, folder),
  };
}

export const buildTargets: readonly BuildTarget[] = [
  entry('sdk', 'index.js', 'index.ts'),
  entry('sdk', 'register.js', 'register.ts'),
  entry('sdk', 'telemetry.js', 'telemetry/index.ts'),
  {
    name: 'sdk agent-thread.cjs',
    inputs: [...sdkSources, ...exporterSources, `${sdk}/agent-thread.ts`],
    // CommonJS, because a worker's loader of ES modules reads files through the libuv pool, which
    // the application may have filled.
    make: async (root) =>
      (await loadBundler()).bundle(root, {
        entry: `${sdk}/agent-thread.ts`,
        file: `${sdk}/dist/agent-thread.cjs`,
        format: 'cjs',
        packages: 'bundled',
        licenses: `${sdk}/dist/agent-thread.licenses.txt`,
      }),
  },
  {
    name: 'sdk configuration-file.cjs',
    inputs: exporterSources,
    make: async (root) =>
      (await loadBundler()).bundle(root, {
        entry: `${exporter}/src/declarative/configuration-file.ts`,
        file: `${sdk}/dist/configuration-file.cjs`,
        format: 'cjs',
        packages: 'bundled',
        licenses: `${sdk}/dist/configuration-file.licenses.txt`,
      }),
  },
  declarations('sdk', sdk, sdkSources),
  entry('exporter', 'index.js', 'index.ts'),
  entry('exporter', 'instrumentation.js', 'main/instrumentation.ts'),
  entry('exporter', 'middleware.js', 'main/middleware.ts'),
  entry('exporter', 'prom-client.js', 'main/prom-client.ts'),
  declarations('exporter', exporter, [...exporterSources, ...sdkSources]),
  {
    // npm packs a licence only from the package's own folder.
    name: 'licences',
    inputs: ['LICENSE'],
    make: async (root) => {
      const text = readFileSync(join(root, 'LICENSE'), 'utf8');
      const files = [sdk, exporter].map((folder) => `${folder}/dist/LICENSE`);
      for (const file of files) {
        replaceFile(join(root, file), text);
      }
      return files;
    },
  },
];
