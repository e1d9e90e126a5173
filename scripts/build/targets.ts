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

function sdkEntry(name: string, entry: string): BuildTarget {
  return {
    name: `sdk ${name}`,
    inputs: sdkSources,
    make: async (root) =>
      (await loadBundler()).bundle(root, {
        entry: `${sdk}/src/${entry}`,
        file: `${sdk}/dist/${name}`,
        format: 'esm',
        packages: 'forbidden',
      }),
  };
}

function exporterEntry(name: string, entry: string): BuildTarget {
  return {
    name: `exporter ${name}`,
    inputs: exporterSources,
    make: async (root) =>
      (await loadBundler()).bundle(root, {
        entry: `${exporter}/src/${entry}`,
        file: `${exporter}/dist/${name}`,
        format: 'esm',
        packages: 'imported',
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
  sdkEntry('index.js', 'index.ts'),
  sdkEntry('register.js', 'register.ts'),
  sdkEntry('telemetry.js', 'telemetry/index.ts'),
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
  declarations('sdk', sdk, sdkSources),
  exporterEntry('index.js', 'index.ts'),
  exporterEntry('instrumentation.js', 'main/instrumentation.ts'),
  exporterEntry('middleware.js', 'main/middleware.ts'),
  exporterEntry('prom-client.js', 'main/prom-client.ts'),
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
