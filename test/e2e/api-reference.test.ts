import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiFolder, writeApiReference } from '../../scripts/api-reference.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

function pages(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.md'),
  );
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

test('docs/api is what the docstrings say, and every public symbol has one: else run npm run docs:api', () => {
  const folder = join(temporaryFolder(), 'api');
  writeApiReference(folder);
  expect(pages(apiFolder)).toEqual(pages(folder));
});
