// Runs a program to its end, with or without a preload, and tells all that can be seen from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import type { NodeRelease } from './nodes.ts';
import type { Preload } from './preload.ts';

export interface Command {
  readonly node: NodeRelease;
  /** Node's flags, the script and its arguments; preloads go before them. */
  readonly args: readonly string[];
  readonly preload?: Preload;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly stdin?: string;
  /** A signal that is sent once standard output holds a text. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly whenPrinted: string };
  /** A program that runs the command, given as its last arguments. */
  readonly within?: readonly string[];
  /** After this long the program and all that it started are killed. */
  readonly capMs?: number;
}

export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run extends Ending {
  /** From spawn to exit, as it is seen from outside. */
  readonly wallMs: number;
  /** Whether it had to be killed at the cap. */
  readonly capped: boolean;
}

// What the tests' own environment may hold of Node's, OpenTelemetry's and our settings stays out.
function cleanEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '/', LANG = 'C.UTF-8', TMPDIR } = process.env;
  return { PATH, HOME, LANG, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

/** A child in a process group of its own, so that what it has started can be ended with it. */
export function spawnCommand(command: Command, stdin: 'pipe' | 'ignore'): ChildProcess {
  const { node, args, preload, within = [] } = command;
  const [file = node.path, ...rest] = [...within, node.path, ...(preload?.args ?? []), ...args];
  return spawn(file, rest, {
    cwd: command.cwd,
    env: { ...cleanEnvironment(), LOOPSCOPE_PORT: '0', ...preload?.env, ...command.env },
    stdio: [stdin, 'pipe', 'pipe'],
    detached: true,
  });
}

/** Kills a child and all that is left of its process group. */
export function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL');
    }
  } catch {
    // The group is gone already.
  }
}

/** Runs a command to its end. Never rejects for what the program does. */
export async function run(command: Command): Promise<Run> {
  const { stdin, kill, capMs = 20_000 } = command;
  const started = performance.now();
  const child = spawnCommand(command, stdin === undefined ? 'ignore' : 'pipe');
  let stdout = '';
  let stderr = '';
  let exitedAt = 0;
  let capped = false;
  let signalled = false;
  const cap = setTimeout(() => {
    capped = true;
    killGroup(child);
  }, capMs);
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (kill !== undefined && !signalled && stdout.includes(kill.whenPrinted)) {
      signalled = true;
      child.kill(kill.signal);
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  // A program that does not read its input may be gone before it is written.
  child.stdin?.on('error', () => {});
  child.stdin?.end(stdin);
  child.on('exit', () => {
    exitedAt = performance.now();
  });
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...ending) => resolve(ending));
  });
  clearTimeout(cap);
  return { exitCode, signal, stdout, stderr, wallMs: exitedAt - started, capped };
}
