import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

const pages = [...readSourceFiles('**/*.md')].filter(([file]) => !file.includes('/fixtures/'));

test.each(pages)('%s links to what is there', (file, text) => {
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link ?? '');
  const missing = links.filter(
    (link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(file), decodeURI(link))),
  );
  expect(missing).toEqual([]);
});

test('each decision has a number of its own, in its name and in its heading', () => {
  const decisions = [...readSourceFiles('docs/decisions/*.md')];
  const numbers = decisions.map(([file]) => Number(/(\d{4})-[a-z-]+\.md$/.exec(file)?.[1]));
  expect(numbers).toEqual(decisions.map((_, index) => index + 1));
  for (const [index, [, text]] of decisions.entries()) {
    expect(text).toMatch(new RegExp(`^# ${index + 1}\\. \\S`));
  }
});
