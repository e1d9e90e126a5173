// docs/CONFIG.md, from the table of options and that of OpenTelemetry's variables.
import { optionTable } from '../../packages/sdk/src/shared/options.ts';
import { table } from './markdown-table.ts';
import { openTelemetryVariables, otherVariables } from './open-telemetry-variables.ts';

/** The page's text. */
export function configPage(): string {
  return `# Configuration

Made from \`packages/sdk/src/shared/options.ts\` by \`npm run docs\`: change it there.

## Loopscope's own options

Each can be set as an environment variable, for the preload, or in \`start({ … })\`; what is given in
code wins. A variable with an unknown name or a malformed value is named in one line on standard
error, and the default holds: the application always runs. A wrong option in code throws a
\`TypeError\` with the code \`LOOPSCOPE_INVALID_OPTION\`.

${table(
  ['Variable', 'In `start()`', 'Expected', 'Default', 'What it does'],
  optionTable.map((each) => [
    `\`${each.variable}\``,
    `\`${each.option}\``,
    each.expected,
    each.defaultText,
    each.description,
  ]),
)}

Beside these:

${table(
  ['Variable', 'Expected', 'What it does'],
  [
    ['`LOOPSCOPE_DISABLED`', 'true or false', 'With `true` the preload and `start()` do nothing.'],
    [
      '`NODE_DEBUG`',
      '`loopscope` in its list',
      'Tells on standard error what Loopscope does, and why it stays off.',
    ],
  ],
)}

## OpenTelemetry's variables

Service, resource and OTLP push are configured as the application's own OpenTelemetry SDK would read
them. Where a row has several variables, a signal's own wins over the last. A malformed value is named in one line on standard
error, and the default holds.

${table(
  ['Variable', 'Default', 'What Loopscope takes from it'],
  openTelemetryVariables.map(({ names, defaultText, meaning }) => [
    names.map((name) => `\`${name}\``).join(', '),
    defaultText,
    meaning,
  ]),
)}

What else the specification has is the application's own, and Loopscope does not read it:

${table(
  ['Variable', 'Why not'],
  otherVariables.map(({ names, reason }) => [names.map((name) => `\`${name}\``).join(', '), reason]),
)}
`;
}
