// Where the preload does nothing. NODE_OPTIONS reaches every Node process of a machine or image, the
// package managers and build tools among them; and the agent relies on engine behaviour that was
// tested on known releases only.
import { builtin } from '../shared/builtin.ts';

const { realpathSync } = builtin('node:fs');
const { basename } = builtin('node:path');

/** Tested major releases and the least minor of each. */
export const supportedReleases: Readonly<Record<number, number>> = { 22: 15, 24: 0, 26: 0 };

/** Entry scripts of package managers, wherever they are installed. */
const packageManagers = /^(npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(-cli|-[\d.]+)?(\.[cm]?js)?$/;
/** Packages whose every command is a tool; tsx starts the application in a process of its own. */
const toolPackages =
  /[\\/]node_modules[\\/](npm|pnpm|yarn|corepack|tsx|typescript|eslint|prettier|vitest|jest|jest-cli|jest-worker|mocha)[\\/]/;
/** What the workers of a tool run, where they are processes: `next build` has jest's own. */
const toolWorkers = /[\\/]node_modules[\\/]next[\\/]dist[\\/]compiled[\\/]jest-worker[\\/]/;
/** Packages that also serve: only these commands of theirs are tools. */
const toolCommands: readonly { readonly entry: RegExp; readonly commands: readonly string[] }[] = [
  { entry: /[\\/]node_modules[\\/]vite[\\/]bin[\\/]/, commands: ['build', 'optimize'] },
  {
    entry: /[\\/]node_modules[\\/]next[\\/]dist[\\/]bin[\\/]/,
    commands: ['build', 'lint', 'info', 'telemetry', 'typegen', 'upgrade'],
  },
];

/**
 * The reason why this process is not to be watched, or undefined. Asked on the main thread: its worker
 * threads go by its answer.
 */
export function reasonToStayOff(): string | undefined {
  return unsupportedRuntime() ?? unsuitableProcess() ?? missingPermission();
}

export function unsupportedRuntime(): string | undefined {
  const { node = '', bun, electron } = process.versions;
  if (bun !== undefined || electron !== undefined || 'Deno' in globalThis) {
    return 'this runtime is not Node.js';
  }
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const leastMinor = supportedReleases[major];
  return leastMinor === undefined || minor < leastMinor ? `Node.js ${node} is not supported` : undefined;
}

function unsuitableProcess(): string | undefined {
  const flags = commandLineFlags();
  const flag = flags.find((each) =>
    /^(--check|-c|--test|--run|--build-snapshot|--build-sea)(=|$)/.test(each),
  );
  if (flag !== undefined) {
    return `${flag} runs no service`;
  }
  if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
    return 'this is a test process';
  }
  // It is frozen between invocations, and nobody can reach its endpoint; asked for in so many words, it is watched.
  if (process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined && !askedFor(process.env['LOOPSCOPE_DISABLED'])) {
    return 'AWS Lambda freezes its processes (LOOPSCOPE_DISABLED=false watches them all the same)';
  }
  // The watching parent; its child has this variable and is watched.
  if (flags.some((each) => /^--watch(-path)?(=|$)/.test(each)) && !process.env['WATCH_REPORT_DEPENDENCIES']) {
    return '--watch only starts the process to be watched';
  }
  const entry = process.argv[1];
  return entry === undefined ? undefined : toolEntry(entry, process.argv[2] ?? '');
}

function askedFor(disabled: string | undefined): boolean {
  return disabled === 'false' || disabled === '0';
}

/** Why a process with this entry script and first argument is a tool's, or undefined. */
export function toolEntry(entry: string, command: string): string | undefined {
  const path = realPath(entry);
  const name = basename(path);
  // A package inside a tool's own folder is still the tool's; the application's is in none.
  if (packageManagers.test(name) || toolPackages.test(path) || toolWorkers.test(path)) {
    return `${name} is a tool`;
  }
  const tool = toolCommands.find((each) => each.entry.test(path) && each.commands.includes(command));
  return tool === undefined ? undefined : `${name} ${command} is a tool`;
}

// Tools are started through links in `.bin` and in global folders.
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function missingPermission(): string | undefined {
  const { permission } = process;
  return permission !== undefined && !permission.has('worker')
    ? 'the permission model denies worker threads'
    : undefined;
}

/**
 * Whether stacks can be taken. Asked beforehand, since under the permission model
 * `connectToMainThread` aborts the process where the inspector is denied.
 */
export function mayCapture(): boolean {
  const { permission, features } = process;
  return features.inspector && (permission === undefined || permission.has('inspector'));
}

/** Whether the command line opened the inspector's port. Later the sampler sees it. */
export function startedUnderInspector(): boolean {
  return commandLineFlags().some((flag) => /^--inspect(-brk|-wait)?(=|$)/.test(flag));
}

function commandLineFlags(): readonly string[] {
  return [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
}
