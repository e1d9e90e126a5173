// The one way in which `OTEL_*` is read: an empty value counts as unset, as the OpenTelemetry
// specification asks, and a malformed one leaves the default in force and is said in one line that
// names the variable, the value and what was expected.

/** The environment that an outlet reads: `process.env`, or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Says one line to the user. */
export type Say = (line: string) => void;

/** The longest delay that a Node.js timer takes; anything longer would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

const longestShown = 60;

/** The value without the white space around it; undefined where it is unset or empty. */
export function readText(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}

/** The first of the names that is set, with its value: the signal's own variable comes first. */
export function readFirst(
  environment: Environment,
  names: readonly string[],
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = readText(environment, name);
    if (value !== undefined) {
      return { name, value };
    }
  }
  return undefined;
}

/** One of the choices, in any letter case, from the first of the names that is set. */
export function readChoice<Choice extends string>(
  environment: Environment,
  names: readonly string[],
  choices: readonly Choice[],
  say: Say,
): Choice | undefined {
  const found = readFirst(environment, names);
  if (found === undefined) {
    return undefined;
  }
  const choice = choices.find((candidate) => candidate === found.value.toLowerCase());
  if (choice === undefined) {
    say(`${found.name}=${shown(found.value)} is ignored: expected ${choices.join(', ')}`);
  }
  return choice;
}

/** Whole milliseconds of at least `least` from the first of the names that is set. */
export function readMilliseconds(
  environment: Environment,
  names: readonly string[],
  least: number,
  say: Say,
): number | undefined {
  const found = readFirst(environment, names);
  if (found === undefined) {
    return undefined;
  }
  const value = Number(found.value);
  if (!Number.isInteger(value) || value < least || value > longestTimerMs) {
    say(
      `${found.name}=${shown(found.value)} is ignored: expected whole milliseconds from ${least} to ${longestTimerMs}`,
    );
    return undefined;
  }
  return value;
}

/** A value as a line of output may carry it: quoted, escaped and cut. */
export function shown(value: string): string {
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
}
