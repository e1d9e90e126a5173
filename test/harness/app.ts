// A program that runs while a test watches it: started with Loopscope, told what to do over its
// standard input, and asked through its endpoint.
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { byImport, type Preload } from './preload.ts';
import { type Command, type Ending, killGroup, spawnCommand } from './run.ts';
import { until } from './until.ts';

export interface App extends AsyncDisposable {
  readonly pid: number;
  /** Address of Loopscope's endpoint, without a path. */
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Writes a line to standard input. */
  readonly tell: (line: string) => void;
  /** Waits for a line on standard output that matches. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Closes standard input, and waits for the program to end by itself. */
  readonly finish: () => Promise<Ending>;
  /** Ends it in any case. */
  readonly kill: () => Promise<Ending>;
}

export interface AppOptions {
  /** The endpoint's port; without it a free one is taken by Loopscope and read from its debug line. */
  readonly port?: number;
  /** Whether there is an endpoint to wait for. */
  readonly endpoint?: boolean;
}

const listening = /^LOOPSCOPE \d+: .*listening on (http:\/\/\S+?)\/?$/m;
const watching = /^LOOPSCOPE \d+: agent watches$/m;

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('the server has no port');
  }
  return address.port;
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  child.stdin?.on('error', () => {});
  return output;
}

/** Starts a program with Loopscope (unless told another preload) and waits for its endpoint. */
export async function startApp(
  command: Omit<Command, 'stdin' | 'kill' | 'capMs'>,
  { port, endpoint = true }: AppOptions = {},
): Promise<App> {
  const preload: Preload = command.preload ?? byImport.ours;
  const ownEnv = port === undefined ? { NODE_DEBUG: 'loopscope' } : { LOOPSCOPE_PORT: String(port) };
  const child = spawnCommand({ ...command, preload, env: { ...ownEnv, ...command.env } }, 'pipe');
  const output = collect(child);
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, ...output }));
  });
  const kill = (): Promise<Ending> => {
    killGroup(child);
    return ended;
  };

  const findUrl = async (): Promise<string> => {
    if (!endpoint) {
      return '';
    }
    if (port !== undefined) {
      return `http://127.0.0.1:${port}`;
    }
    const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
    return until('Loopscope tells its address', () => {
      const url = watching.test(output.stderr) ? listening.exec(output.stderr)?.[1] : undefined;
      return url ?? (gone() ? '' : undefined);
    });
  };
  let url: string;
  try {
    url = await findUrl();
  } catch (error) {
    const { stdout, stderr } = await kill();
    throw new Error(`no endpoint; stdout: ${stdout}; stderr: ${stderr}`, { cause: error });
  }
  return {
    pid: child.pid ?? 0,
    url,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    tell: (line) => child.stdin?.write(`${line}\n`),
    printed: (pattern) =>
      until(`the program prints ${pattern}`, () => pattern.exec(output.stdout) ?? undefined, {
        capMs: 20_000,
      }),
    signal: (signal) => child.kill(signal),
    finish: () => {
      child.stdin?.end();
      return ended;
    },
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
    },
  };
}
