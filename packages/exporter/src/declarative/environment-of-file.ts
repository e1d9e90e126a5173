// Where `OTEL_CONFIG_FILE` names a file, the file says what the other variables of OpenTelemetry would have said,
// and they are not read, as the specification asks.
import { statSync } from 'node:fs';
import { type Environment, readText, type Say, shown } from '../environment.ts';

/** What the variables would be; throws where the file is not as it should be. */
export type ReadConfigurationFile = (path: string) => Environment;

const variable = 'OTEL_CONFIG_FILE';
/** Nothing of a signal leaves, but for what other options name. */
const nothing: Environment = {
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_TRACES_EXPORTER: 'none',
};

/** The environment by which the ways out are configured. A file that can't be used is said, and nothing is pushed. */
export function environmentOfFile(
  environment: Environment,
  readFile: ReadConfigurationFile,
  say: Say,
): Environment {
  const path = readText(environment, variable);
  if (path === undefined) {
    return environment;
  }
  const others = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('OTEL_')),
  );
  try {
    // A FIFO would hold the thread until somebody writes to it.
    if (!statSync(path).isFile()) {
      throw new Error('not a regular file');
    }
    const told = readFile(path);
    return { ...others, [variable]: path, ...told, ...(told['OTEL_SDK_DISABLED'] === 'true' && nothing) };
  } catch (error) {
    say(`${variable}=${shown(path)} can't be used, so nothing is pushed: ${reasonOf(error)}`);
    return { ...others, [variable]: path, ...nothing };
  }
}

const longestReason = 300;

// The parser puts each fault of the file on a line of its own, and the path in front.
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code ?? message.replaceAll(/\s*\n\s*/g, '; ');
  return reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
}
