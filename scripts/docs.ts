// Writes the reference pages that are made from code: `npm run docs`. A test holds them equal.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generatedPages } from './docs/generated-pages.ts';

const root = resolve(import.meta.dirname, '..');
for (const [file, text] of generatedPages()) {
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
}
