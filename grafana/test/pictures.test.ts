import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dashboards, grafanaFolder } from './support.ts';

const docs = join(grafanaFolder, '../docs');
const names = dashboards.map(({ uid }) => `dashboard-${uid?.replace('loopscope-', '')}.png`);

test.each(names)('%s is a picture of less than 200 kB', (name) => {
  const file = join(docs, 'images', name);
  expect(readFileSync(file).subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(statSync(file).size).toBeLessThan(200_000);
});

test('every page that shows a picture says how it was drawn', () => {
  for (const page of ['../README.md', '../grafana/README.md']) {
    const text = readFileSync(join(docs, page), 'utf8');
    expect(text, page).toContain('images/dashboard-');
    expect(text, page).toContain('npm run docs:pictures');
  }
});
