// The runner's command line.
import { parseArgs } from 'node:util';
import type { Fault } from '../fault.ts';
import { defaultFaultMs, explainFaultMs, parseFaultMs } from '../fault-duration.ts';

export interface RunnerOptions {
  /** One round, judged by the exit code, instead of rounds until Ctrl-C. */
  readonly once: boolean;
  readonly ms: number;
  readonly faults: readonly Fault[];
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: RunnerOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly complaint: string };

/** Reads the arguments; a wrong one gives a line that names it and the value received. */
export function parseOptions(args: readonly string[], faults: readonly Fault[]): ParsedOptions {
  let values: { once: boolean; help: boolean; ms?: string; only?: string[] };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        ms: { type: 'string' },
        only: { type: 'string', multiple: true },
      },
    }));
  } catch (error) {
    // Of Node's explanation, the sentence that names the option.
    const [sentence] = (error as Error).message.split('. ');
    return wrong(`${sentence?.replace(/\.$/, '')}. See --help.`);
  }
  if (values.help) {
    return { kind: 'help' };
  }
  const ms = parseFaultMs(values.ms);
  if (ms === undefined) {
    return wrong(`${explainFaultMs('--ms', values.ms)}.`);
  }
  const only = values.only ?? [];
  const unknown = only.find((name) => !faults.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    return wrong(`--only must name a fault, not ${JSON.stringify(unknown)}. See --help.`);
  }
  const chosen = only.length === 0 ? faults : faults.filter((fault) => only.includes(fault.name));
  return { kind: 'run', options: { once: values.once, ms, faults: chosen } };
}

function wrong(complaint: string): ParsedOptions {
  return { kind: 'wrong', complaint };
}

/** What `--help` prints. */
export function helpText(faults: readonly Fault[]): string {
  const lines = faults.map((fault) => `  ${fault.name.padEnd(20)}${fault.title}`);
  return `Blocks the event loop of an Express service on purpose, in many ways, and prints what Loopscope
reports of it while it is blocked.

  npm run demo                       every fault in turn, until Ctrl-C
  npm run demo -- --once             one round; exit code 0 when every stall was named, else 1

  --ms <n>       how long each fault should last, 50 to 10000 milliseconds (default ${defaultFaultMs});
                 what is shorter than the threshold of Loopscope, 100, is no stall
  --only <name>  this fault alone; may be given more than once
  --help         this text

Environment: DEMO_PORT (the service's port, default any free one), LOOPSCOPE_PORT (the endpoint's,
default 9465, or a free one if that is taken or with --once), NO_COLOR, and what Loopscope and
OpenTelemetry read.

Faults:
${lines.join('\n')}
`;
}
