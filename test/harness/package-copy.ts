// A copy of the built package, for a test to break or to load beside the original.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { sdkFolder } from './preload.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface PackageCopy {
  readonly folder: string;
  /** Path of its agent thread's script. */
  readonly agent: string;
}

/** A copy that is gone when the test ends, in a folder with this name. */
export function copyPackage(name = 'sdk'): PackageCopy {
  const folder = join(temporaryFolder(), name);
  for (const part of ['package.json', 'register.cjs', 'dist']) {
    cpSync(join(sdkFolder, part), join(folder, part), { recursive: true });
  }
  return { folder, agent: join(folder, 'dist', 'agent-thread.cjs') };
}
