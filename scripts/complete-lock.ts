// Adds the platform packages that an install has left out of package-lock.json; see
// lock-file/platform-packages.ts for why. A test tells when it has to be run.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type LockedPackages, missingPlatformPackages } from './lock-file/platform-packages.ts';

const path = resolve(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: LockedPackages };
const missing = missingPlatformPackages(lock.packages);
const sorted = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`added ${Object.keys(missing).length} platform packages`);
