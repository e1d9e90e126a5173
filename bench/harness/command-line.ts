// The command line that all benchmarks share.
import { type ParseArgsConfig, parseArgs } from 'node:util';

export interface CommandLine {
  /** Names of Node releases, such as `24`. */
  readonly nodes: readonly string[];
  readonly rounds: number;
  readonly jsonFile: string | undefined;
  /** Whether a missed bar fails the command. */
  readonly holdsBars: boolean;
  /** A folder with a built `dist`, in place of this workspace's. */
  readonly sdkFolder: string | undefined;
  /** What else the benchmark takes, by name. */
  readonly extra: Extra;
}

/** An option that one benchmark alone takes. */
export interface ExtraOption {
  readonly type: 'string' | 'boolean';
  /** Its line in the usage. */
  readonly help: string;
}

export type ExtraOptions = Readonly<Record<string, ExtraOption>>;

type Extra = Readonly<Record<string, string | boolean | undefined>>;

const nodeNames: readonly string[] = ['22', '24', '26'];

export function usage(name: string, rounds: string, extra: ExtraOptions = {}): string {
  return [
    `Usage: node bench/${name}.ts [options]`,
    '  --node 22|24|26|all  Node release to measure on (all)',
    `  --rounds N           ${rounds}`,
    '  --json FILE          also write all readings as JSON',
    '  --no-bar             print only: a missed bar does not fail the command',
    '  --sdk FOLDER         measure the package in this folder, as it is built there',
    ...Object.values(extra).map(({ help }) => `  ${help}`),
  ].join('\n');
}

/** Throws with a line for the user where an argument is wrong; undefined where help was asked for. */
export function parseCommandLine(defaultRounds: number, extra: ExtraOptions = {}): CommandLine | undefined {
  const extraOptions = Object.fromEntries(
    Object.entries(extra).map(([name, { type }]) => [name, { type }]),
  ) satisfies ParseArgsConfig['options'];
  const { values } = parseArgs({
    options: {
      ...extraOptions,
      node: { type: 'string', default: 'all' },
      rounds: { type: 'string', default: String(defaultRounds) },
      json: { type: 'string' },
      'no-bar': { type: 'boolean', default: false },
      sdk: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  if (values.node !== 'all' && !nodeNames.includes(values.node)) {
    throw new Error(`--node is ${JSON.stringify(values.node)}, expected one of ${nodeNames.join(', ')}, all`);
  }
  if (!/^[1-9]\d{0,5}$/.test(values.rounds)) {
    throw new Error(`--rounds is ${JSON.stringify(values.rounds)}, expected a whole number from 1`);
  }
  return {
    nodes: values.node === 'all' ? nodeNames : [values.node],
    rounds: Number(values.rounds),
    jsonFile: values.json,
    holdsBars: !values['no-bar'],
    sdkFolder: values.sdk,
    extra: Object.fromEntries(Object.keys(extra).map((name) => [name, (values as Extra)[name]])),
  };
}
