// The control groups of this process: what CPU and memory it may use, and how it was held back. A limit
// may be set at any level, and the tightest counts: a container's, or that of a pod or slice around it.
import {
  type CpuStatistics,
  parseBytes,
  parseCfsQuota,
  parseCpuMax,
  parseCpuStatistics,
} from './cgroup-files.ts';
import { type CgroupFolder, type CgroupFolders, findCgroupFolders } from './cgroup-folders.ts';
import { type ReadFile, readSmallFile } from './small-file.ts';

export interface CgroupMemory {
  readonly limitBytes?: number;
  readonly usageBytes?: number;
}

interface Level {
  readonly folder: string;
  readonly limit: number;
}

export class Cgroup {
  readonly #read: ReadFile;
  readonly #readMounts: () => string | undefined;
  /** The text by which the folders were found: another one when the process has been moved. */
  #membership: string | undefined;
  #folders: CgroupFolders = {};

  /** `readMounts` is given apart, since that file may be large; it is read once for each move. */
  constructor(readMounts: () => string | undefined, read: ReadFile = readSmallFile) {
    this.#read = read;
    this.#readMounts = readMounts;
  }

  /** Finds the folders where they are not known or the process has been moved. */
  refresh(): void {
    const membership = this.#read('/proc/self/cgroup');
    if (membership === this.#membership) {
      return;
    }
    this.#membership = membership;
    this.#folders = membership === undefined ? {} : findCgroupFolders(membership, this.#readMounts() ?? '');
  }

  /** In CPUs: the tightest limit; undefined where there is none. */
  cpuLimit(): number | undefined {
    return this.#tightestCpu()?.limit;
  }

  /** Of the level that sets the tightest limit, else of the process's own group. */
  cpuStatistics(): (CpuStatistics & { readonly folder: string }) | undefined {
    const folder = this.#tightestCpu()?.folder ?? this.#folders.cpu?.folders[0];
    if (folder === undefined) {
      return undefined;
    }
    const statistics = parseCpuStatistics(this.#read(`${folder}/cpu.stat`) ?? '');
    return statistics && { folder, ...statistics };
  }

  /** The tightest limit, and the usage of the level that sets it, else of the own group. */
  memory(): CgroupMemory {
    const { memory } = this.#folders;
    if (memory === undefined) {
      return {};
    }
    const [limitName, usageName] =
      memory.version === 2
        ? ['memory.max', 'memory.current']
        : ['memory.limit_in_bytes', 'memory.usage_in_bytes'];
    const level = tightest(memory, (folder) => this.#number(`${folder}/${limitName}`));
    const usageBytes = this.#number(`${level?.folder ?? memory.folders[0]}/${usageName}`);
    return {
      ...(level && { limitBytes: level.limit }),
      ...(usageBytes !== undefined && { usageBytes }),
    };
  }

  /** The group's own file of pressure, or undefined where there is none. */
  pressure(resource: string): { readonly folder: string; readonly text: string } | undefined {
    const folder = this.#folders.pressure?.folders[0];
    const text = folder && this.#read(`${folder}/${resource}.pressure`);
    return folder === undefined || text === undefined ? undefined : { folder, text };
  }

  #tightestCpu(): Level | undefined {
    const { cpu } = this.#folders;
    return (
      cpu &&
      tightest(cpu, (folder) => {
        if (cpu.version === 2) {
          return parseCpuMax(this.#read(`${folder}/cpu.max`) ?? '');
        }
        const quota = this.#read(`${folder}/cpu.cfs_quota_us`) ?? '';
        // Mostly -1, no limit: then the period does not matter.
        return quota.startsWith('-')
          ? undefined
          : parseCfsQuota(quota, this.#read(`${folder}/cpu.cfs_period_us`) ?? '');
      })
    );
  }

  #number(path: string): number | undefined {
    return parseBytes(this.#read(path) ?? '');
  }
}

/** The level with the least limit; of equal ones the innermost. */
function tightest(
  { folders }: CgroupFolder,
  limitOf: (folder: string) => number | undefined,
): Level | undefined {
  let least: Level | undefined;
  for (const folder of folders) {
    const limit = limitOf(folder);
    if (limit !== undefined && (least === undefined || limit < least.limit)) {
      least = { folder, limit };
    }
  }
  return least;
}
