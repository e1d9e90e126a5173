import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { textFile } from '../../src/resolver/text-file.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'text-file-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a text file is read again when it changes, appears or goes', () => {
  const path = join(folder, 'hosts');
  const read = textFile(path);
  expect(read()).toBe('');
  writeFileSync(path, 'one');
  expect(read()).toBe('one');
  writeFileSync(path, 'two');
  // Whatever the clock of the file system can tell apart.
  utimesSync(path, 1, 1);
  expect(read()).toBe('two');
  rmSync(path);
  expect(read()).toBe('');
});

test('a text file that has not changed is not read', () => {
  const path = join(folder, 'hosts');
  writeFileSync(path, 'one');
  utimesSync(path, 1, 1);
  const read = textFile(path);
  read();
  // Same length and time: only a read would show the difference.
  writeFileSync(path, 'two');
  utimesSync(path, 1, 1);
  expect(read()).toBe('one');
});

test('a FIFO and a folder hold nothing and nobody', () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  expect([textFile(fifo)(), textFile(folder)()]).toEqual(['', '']);
});
