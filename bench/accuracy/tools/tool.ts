import type { NodeRelease } from '../../../test/harness/nodes.ts';
import type { RunningProcess } from '../../harness/running-process.ts';
import type { Variant } from '../../harness/variant.ts';
import type { Report } from '../truth.ts';

/** Something that claims to see blocked loops. */
export interface Tool {
  readonly name: string;
  /** What it says of a block, beside that there was one. */
  readonly gives: readonly ('duration' | 'stack' | 'cause')[];
  /** Where its reports will arrive is settled before the process starts. */
  readonly prepare: (settings: ToolSettings) => Promise<PreparedTool>;
}

export interface ToolSettings {
  readonly node: NodeRelease;
  readonly sdkFolder: string;
  readonly thresholdMs: number;
}

export interface PreparedTool extends AsyncDisposable {
  readonly variant: Variant;
  readonly watch: (running: RunningProcess) => Promise<Watch>;
}

export interface Watch {
  /** A block is about to begin: now is the time to look closely, for who can only ask. */
  readonly beginning: () => void;
  /** Waits for what is still on its way, and gives all that was said since the watch began. */
  readonly finish: () => Promise<readonly Report[]>;
}
