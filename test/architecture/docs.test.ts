import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedPages } from '../../scripts/docs/generated-pages.ts';
import { openTelemetryVariables } from '../../scripts/docs/open-telemetry-variables.ts';
import { readSourceFiles, root } from './source-files.ts';

test.each([...generatedPages()])('%s is what the code says: else run npm run docs', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(text);
});

test('the OTEL_ variables of the docs are those that the sources read', () => {
  const texts = [
    ...readSourceFiles('packages/{sdk,exporter}/src/**/*.ts').values(),
    ...readSourceFiles('packages/sdk/agent-thread.ts').values(),
  ];
  const named = texts.flatMap((text) => text.match(/\bOTEL_[A-Z_]*[A-Z]\b/g) ?? []);
  expect(new Set(openTelemetryVariables.flatMap(({ names }) => names))).toEqual(new Set(named));
});
