// Writes what is made from code: the reference pages, and Grafana's dashboards and rules. Run by
// `npm run docs`; tests hold what is committed equal.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generatedGrafanaFiles } from '../grafana/generated-files.ts';
import { generatedPages } from './docs/generated-pages.ts';

const root = resolve(import.meta.dirname, '..');
for (const [file, text] of [...generatedPages(), ...generatedGrafanaFiles()]) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
}
