// How Loopscope gets into a process, each way beside what it is compared with: the same way with a
// preload that is empty, since any preload changes how Node starts (and the foot of stack traces).
import { fileURLToPath, pathToFileURL } from 'node:url';

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

export const sdkFolder: string = path('../../packages/sdk/');
const register = `${sdkFolder}dist/register.js`;
const registerForRequire = `${sdkFolder}register.cjs`;
const empty = path('../fixtures/preload/empty.mjs');
const emptyForRequire = path('../fixtures/preload/empty.cjs');

/** Arguments and environment that go before and around an application. */
export interface Preload {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface PreloadPair {
  readonly name: string;
  readonly ours: Preload;
  readonly baseline: Preload;
}

const byArguments = (...args: string[]): Preload => ({ args, env: {} });
const byEnvironment = (NODE_OPTIONS: string): Preload => ({ args: [], env: { NODE_OPTIONS } });

export const byImport: PreloadPair = {
  name: '--import',
  ours: byArguments('--import', register),
  baseline: byArguments('--import', empty),
};

export const byRequire: PreloadPair = {
  name: '--require',
  ours: byArguments('--require', registerForRequire),
  baseline: byArguments('--require', emptyForRequire),
};

export const byNodeOptionsImport: PreloadPair = {
  name: 'NODE_OPTIONS=--import',
  ours: byEnvironment(`--import=${register}`),
  baseline: byEnvironment(`--import=${empty}`),
};

export const byNodeOptionsRequire: PreloadPair = {
  name: 'NODE_OPTIONS=--require',
  ours: byEnvironment(`--require=${registerForRequire}`),
  baseline: byEnvironment(`--require=${emptyForRequire}`),
};

export const everyPreload: readonly PreloadPair[] = [
  byImport,
  byRequire,
  byNodeOptionsImport,
  byNodeOptionsRequire,
];

/** The same preload from a copy of the package in another folder. */
export function byImportFrom(packageFolder: string): PreloadPair {
  return {
    ...byImport,
    ours: byArguments('--import', pathToFileURL(`${packageFolder}/dist/register.js`).href),
  };
}

/** Puts other preloads, such as a fixture that fakes something, in front of a pair. */
export function after(pair: PreloadPair, ...args: string[]): PreloadPair {
  const prepend = ({ args: own, env }: Preload): Preload => ({ args: [...args, ...own], env });
  return { name: pair.name, ours: prepend(pair.ours), baseline: prepend(pair.baseline) };
}
