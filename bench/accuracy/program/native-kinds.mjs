// Blocks that spend their time inside Node's and V8's own functions. What such a call works on is made
// before, in steps that are no blocks themselves. A call comes back to the function that made it, which
// goes on a little, as real code does.
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { amountFor } from '../../../test/fixtures/blocks/calibrate.mjs';

const folder = mkdtempSync(join(tmpdir(), 'accuracy-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const item = { sku: 'a-1', price: 12.5, tags: ['x', 'y', 'z'], stock: { here: 1, there: 2 } };
let catalogue = [];

export const jsonStringify = {
  prepare: async (durationMs) => {
    catalogue = itemsOf(await amountFor(durationMs, 2_000, (items) => JSON.stringify(itemsOf(items))));
  },
  block: () => writeCatalogue(catalogue),
};

function itemsOf(length) {
  return Array.from({ length }, () => item);
}

function writeCatalogue(items) {
  const text = JSON.stringify(items);
  let digits = 0;
  for (let at = 0; at < 1_000; at += 1) {
    digits += text.charCodeAt(at) < 58 ? 1 : 0;
  }
  return digits;
}

let report = Buffer.alloc(0);

export const zlibSync = {
  prepare: async (durationMs) => {
    const bytes = await amountFor(Math.min(durationMs, 40), 50_000, (size) => gzipSync(reportOf(size)));
    report = reportOf(bytes);
  },
  block: (durationMs) => packReport(performance.now() + durationMs),
};

const line = Buffer.from('2026-11-02;invoice 4711;EUR;1299;paid;Bolt, hexagonal, M8\n');

function reportOf(bytes) {
  return Buffer.alloc(bytes, line);
}

function packReport(end) {
  let bytes = 0;
  do {
    bytes += gzipSync(report).length;
  } while (performance.now() < end);
  return bytes;
}

const ledger = join(folder, 'ledger.csv');
const ledgerBuffer = Buffer.alloc(16 * 1024 * 1024);
let ledgerWritten;

/** Large reads. */
export const fsLarge = {
  prepare: () => {
    ledgerWritten ??= writeFile(ledger, ledgerBuffer);
    return ledgerWritten;
  },
  block: (durationMs) => readLedger(performance.now() + durationMs),
};

function readLedger(end) {
  const file = openSync(ledger, 'r');
  let bytes = 0;
  while (performance.now() < end) {
    bytes += readSync(file, ledgerBuffer, 0, ledgerBuffer.length, 0);
  }
  closeSync(file);
  return bytes;
}

/** Each call is short; they are many. */
export const fsSmall = { block: (durationMs) => spoolOrders(performance.now() + durationMs) };

function spoolOrders(end) {
  const path = join(folder, 'order.json');
  let bytes = 0;
  while (performance.now() < end) {
    writeFileSync(path, '{"order":4711,"state":"packed"}');
    bytes += readFileSync(path).length;
    unlinkSync(path);
  }
  return bytes;
}

// In brackets, a function is compiled at once and not when it is first called.
const rule = '(function(a, b) { const c = a * 2 + b; return c > 7 ? [c, { a, b }] : a + " and " + b; });\n';
let sources = 0;
let source = '';

// Each is another text: V8 remembers what it has compiled.
function sourceOf(rules) {
  sources += 1;
  return `// ${sources}\n${rule.repeat(rules)}`;
}

async function sourceFor(durationMs) {
  return sourceOf(await amountFor(durationMs, 500, (rules) => new Script(sourceOf(rules))));
}

export const compile = {
  prepare: async (durationMs) => {
    source = await sourceFor(durationMs);
  },
  block: () => compileTemplate(source),
};

function compileTemplate(text) {
  const script = new Script(text, { filename: join(folder, 'template.js') });
  return script.sourceMapURL;
}

const require = createRequire(import.meta.url);
let modulePath = '';

export const requireModule = {
  prepare: async (durationMs) => {
    const text = await sourceFor(durationMs);
    modulePath = join(folder, `rules-${sources}.cjs`);
    await writeFile(modulePath, text);
  },
  block: () => loadRules(modulePath),
};

function loadRules(path) {
  return Object.keys(require(path)).length;
}
