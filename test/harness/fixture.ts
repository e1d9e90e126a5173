// Where fixtures are, and where in them the functions are that a stall should name.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a fixture, by its path under test/fixtures. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

/** Numbers of the lines of a function declared at the top level of a file, from 1. */
export function linesOf(file: string, functionName: string): readonly number[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.includes(`function ${functionName}(`));
  const length = lines.slice(first).indexOf('}') + 1;
  if (first === -1 || length === 0) {
    throw new Error(`${file} declares no function ${functionName}`);
  }
  return Array.from({ length }, (_, index) => first + 1 + index);
}
