// A target is one thing that the build makes: its inputs decide whether it is up to date, its make
// function returns the files it has put in place. Targets run in order, since the exporter's
// declarations are checked against the sdk's.

export interface BuildTarget {
  readonly name: string;
  /** Files and folders, relative to the root, whose content decides the result. */
  readonly inputs: readonly string[];
  /** Makes the target and returns its files, relative to the root. */
  make(root: string): Promise<readonly string[]>;
}

/** A failure whose message is written for the person at the terminal, without a stack. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
}
