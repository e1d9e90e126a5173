import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sdkVersion } from '../../src/shared/version.ts';

test("the version that is told is the package's", () => {
  const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  expect(JSON.parse(manifest)).toHaveProperty('version', sdkVersion);
});
