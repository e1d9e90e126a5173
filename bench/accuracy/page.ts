// The results as a page of the documentation. Everything on it was measured in the run that wrote it.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Bar, isHeld } from '../harness/bar.ts';
import type { Result } from '../harness/bench.ts';
import { describeMachine } from '../harness/machine.ts';
import { figure, type Table } from '../harness/table.ts';

const introduction = `A program blocks its event loop by a seeded schedule: every kind of block equally often, durations spread over
20 to 2000 ms, on a loop that is idle, serves a healthy load, or is nearly saturated. It writes down the truth of each block: start,
end, function, cause. Its own 5 ms clock records every stop of the loop beside that. What a tool reports, as
somebody outside the process gets it, is judged by this truth; [the scorer](../bench/accuracy/matching.ts) has unit tests.

- *Recall*: share of the blocks that are clearly over the threshold (by 15 ms) and reported.
- *Precision*: reports of such blocks, among these and the false ones. A report that is of no block is grey where the loop's own
  clock shows a stop that we did not cause, and else false; so is one of a short block, of a suspension, or of a block told twice.
- *Error*: from the length of the block, or of the whole stop of the loop where that is nearer, in milliseconds.
- *Culprit*: the first frame shown is the function that spends the time, at one of its lines. *In its stack*: any frame is.
- *Cause*: by the kind of the block, its own record of garbage collections, and its wait for a processor.
- *Reported*: from a block's true start until somebody outside had the report; with a stack where that is said.
`;

const mostNotes = 40;

export function writePage(file: string, results: readonly Result[], thresholdMs: number): void {
  const { date, cores, processor, system } = describeMachine();
  const sections = results.map(({ version, measurement: { tables, bars, notes = [] } }) =>
    [`## Node ${version}`, barTable(bars), ...tables.map(tableText), ...noteList(notes)].join('\n\n'),
  );
  const head = [
    '# Accuracy',
    `Written by \`npm run bench:accuracy\`, which was given \`${given()}\`. Threshold ${thresholdMs} ms, all else default.`,
    `${date} UTC, ${processor}, ${cores} cores, ${system}. Beside it: ${peerVersions()}.`,
    introduction.trim(),
  ];
  writeFileSync(file, `${[...head, ...sections].join('\n\n')}\n`);
}

/** Without the places that are this machine's own. */
function given(): string {
  return process.argv
    .slice(2)
    .map((argument) => (argument.includes('/') ? '…' : argument))
    .join(' ');
}

function peerVersions(): string {
  const manifest = readFileSync(new URL('../peers/package.json', import.meta.url), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Readonly<Record<string, string>> };
  const measured = [
    '@sentry/node-native',
    'blocked-at',
    'prom-client',
    '@opentelemetry/instrumentation-runtime-node',
  ];
  return measured.map((name) => `${name} ${dependencies[name]}`).join(', ');
}

/** The faults of a noisy run are many, and the command prints them all. */
function noteList(notes: readonly string[]): readonly string[] {
  if (notes.length === 0) {
    return [];
  }
  const left = notes.length - mostNotes;
  const lines = [...notes.slice(0, mostNotes), ...(left > 0 ? [`and ${left} more`] : [])];
  return [`### Notes, and each fault\n\n${lines.map((line) => `- ${line}`).join('\n')}`];
}

function barTable(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => {
    const { name, value, limit, kind, unit, digits, note = '' } = bar;
    const shown = `${figure(value, digits)} ${unit}`.trimEnd();
    return `| ${isHeld(bar) ? 'held' : '**missed**'} | ${name} | ${shown} | ${kind} ${limit} ${unit} | ${note} |`;
  });
  return ['| | bar | measured | limit | |', '| --- | --- | ---: | --- | --- |', ...rows].join('\n');
}

function tableText({ title, headings, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, column) => (column === 0 ? '---' : '---:'));
  return [`### ${title}`, '', line(headings), line(rule), ...rows.map(line)].join('\n');
}
