import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supportedNodes } from '../harness/nodes.ts';
import { run } from '../harness/run.ts';
import { type ConsumerProject, createExporterProject } from './consumer-project.ts';
import { root, runTool } from './packed-packages.ts';

const usesSdk = `import { start, type LoopscopeHandle, type StallEvent } from '@loopscope/sdk';
import '@loopscope/sdk/register';
import { catalogue, prometheusName, type TelemetrySource } from '@loopscope/sdk/telemetry';

const handle: LoopscopeHandle = start({ port: 0, stallThresholdMs: 50 });
const undo: () => void = handle.on('stall', (event: StallEvent) => {
  const line: number | undefined = event.stall.culprit?.line;
  void line;
});
undo();
export const names: readonly string[] = catalogue.map(prometheusName);
export type Health = ReturnType<TelemetrySource['health']>;

// @ts-expect-error: a port is a number
start({ port: '0' });
// @ts-expect-error: there is no such option
start({ prot: 0 });
`;
const usesExporter = `import * as exporter from '@loopscope/exporter';

export type Exported = keyof typeof exporter;
// @ts-expect-error: the package is typed, so that what it does not export is an error
exporter.noSuchExport;
`;

let project: ConsumerProject;

beforeAll(() => {
  project = createExporterProject();
  project.write('sdk.ts', usesSdk);
  project.write('exporter.ts', usesExporter);
});

afterAll(() => project.remove());

function typeCheck(file: string, compilerOptions: object): void {
  const options = { noEmit: true, strict: true, skipLibCheck: false, target: 'es2022', ...compilerOptions };
  const config = project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: [file] }));
  runTool(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config]);
}

describe.each([
  ['nodenext', { module: 'nodenext' }],
  ['bundler', { module: 'preserve', moduleResolution: 'bundler' }],
])('under moduleResolution %s', (_name, resolution) => {
  test('the sdk type-checks, without the types of Node', () => {
    typeCheck('sdk.ts', { ...resolution, lib: ['es2022'], types: [] });
  });

  test('the exporter type-checks', () => {
    typeCheck('exporter.ts', {
      ...resolution,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    });
  });

  test('a fault would be seen', () => {
    project.write('faulty.ts', usesSdk.replace('// @ts-expect-error: a port is a number\n', ''));
    expect(() => typeCheck('faulty.ts', { ...resolution, lib: ['es2022'], types: [] })).toThrow(/TS2322/);
  });
});

test.each(supportedNodes)('the exporter loads on Node $name with what it declares alone', async (node) => {
  const code = "console.log(Object.keys(await import('@loopscope/exporter')).length > 0)";
  const ending = await run({ node, args: ['--input-type=module', '-e', code], cwd: project.folder });
  expect(ending).toMatchObject({ exitCode: 0, stdout: 'true\n', stderr: '' });
});
