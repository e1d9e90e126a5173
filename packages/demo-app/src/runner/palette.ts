// Colours, or none.

export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Whether a stream should get colours: a terminal, and no NO_COLOR (https://no-color.org). */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env['NO_COLOR'];
}

export function createPalette(enabled: boolean): Palette {
  const paint =
    (code: number) =>
    (text: string): string =>
      enabled ? `\u001b[${code}m${text}\u001b[${code < 10 ? 22 : 39}m` : text;
  return { bold: paint(1), dim: paint(2), red: paint(31), green: paint(32), yellow: paint(33) };
}
