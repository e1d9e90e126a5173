// What /proc tells of the process as a whole. Pure parsers; undefined where a text does not say it.

/** Threads, by `/proc/self/stat`. A command's name may hold spaces and parentheses. */
export function parseThreadCount(text: string): number | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // The twentieth of all; the two before the state are cut off.
  const count = Number(fields[17]);
  return text.includes(')') && Number.isInteger(count) && count > 0 ? count : undefined;
}

/** Descriptors that the process may have open, by `/proc/self/limits`; undefined where unlimited. */
export function parseDescriptorLimit(text: string): number | undefined {
  const [, soft] = /^Max open files\s+(\d+)\s/m.exec(text) ?? [];
  return soft === undefined ? undefined : Number(soft);
}
