// What this Node can do with async hooks without harm to the application.
import type { TaskAbilities } from '../../shared/tasks.ts';
import { sparesPromises } from './task-hook.ts';

/**
 * The first minor of each line in which a stack overflow within a hook is the application's to catch.
 * Before, it ended the process with exit code 7 (CVE-2025-59466).
 */
const survivesOverflow: Readonly<Record<number, number>> = { 22: 22, 24: 13 };

export function taskAbilities(version: string = process.versions.node): TaskAbilities {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const least = survivesOverflow[major] ?? 0;
  return {
    ...(minor < least && {
      noHooks: `on Node.js ${version} a stack overflow in the application ends the process while async_hooks are on; ${major}.${least} is needed`,
    }),
    sparesPromises: sparesPromises(),
  };
}
