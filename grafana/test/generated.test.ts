import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generatedGrafanaFiles } from '../generated-files.ts';
import { grafanaFolder } from './support.ts';

const files = generatedGrafanaFiles();

test.each([...files])('%s is what the code says: else run npm run docs', (file, text) => {
  expect(readFileSync(resolve(grafanaFolder, '..', file), 'utf8')).toBe(text);
});

test('nothing else lies among the generated files', () => {
  const found = globSync('generated/**/*.*', { cwd: grafanaFolder }).map((file) => join('grafana', file));
  expect(new Set(found)).toEqual(new Set(files.keys()));
});
