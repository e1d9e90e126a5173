// Original positions, found on the agent thread: a map of megabytes parsed inside the blocked code
// would lengthen the block. Maps come from the disk, where a build put them; code that is transformed
// in memory has its map in the application's own cache only, which the thread's probe is asked about.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FlattenMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { RawCallSite } from '../shared/messages.ts';
import { positionKey, type SourcePosition } from '../shared/source-position.ts';

const mostCached = 200;
// The agent's heap has 96 MB, and a map takes more than its text.
const largestFileBytes = 24 * 1024 * 1024;

export interface SourceMapperParts {
  /** Asks the thread's own cache; the answer comes to `learn` if it comes. */
  readonly ask: (place: SourcePosition) => void;
  readonly debug: (line: string) => void;
}

export class SourceMapper {
  readonly #parts: SourceMapperParts;
  /** By script; undefined where the disk has none. */
  readonly #maps = new Map<string, TraceMap | undefined>();
  /** By place; undefined while asked, and where the application has none either. */
  readonly #learned = new Map<string, SourcePosition | undefined>();

  constructor(parts: SourceMapperParts) {
    this.#parts = parts;
  }

  /**
   * The call site at its original position, or as it was where none is known (yet). `mayAsk`: whether
   * the thread may be asked for what the disk does not tell, which costs it an interrupt.
   */
  mapped(callSite: RawCallSite, mayAsk: boolean = true): RawCallSite {
    const { scriptName, lineNumber, columnNumber } = callSite;
    if (!/^(file:|\/|[A-Za-z]:[\\/])/.test(scriptName) || /[\\/]node_modules[\\/]/.test(scriptName)) {
      return callSite;
    }
    const position = this.#position({ file: scriptName, line: lineNumber, column: columnNumber }, mayAsk);
    return position === undefined
      ? callSite
      : { ...callSite, scriptName: position.file, lineNumber: position.line, columnNumber: position.column };
  }

  learn(key: string, position: SourcePosition | undefined): void {
    this.#learned.set(key, position);
  }

  #position(place: SourcePosition, mayAsk: boolean): SourcePosition | undefined {
    const map = this.#mapOf(place.file);
    if (map !== undefined) {
      const { source, line, column } = originalPositionFor(map, {
        line: place.line,
        column: Math.max(0, place.column - 1),
      });
      return source === null ? undefined : { file: source, line, column: column + 1 };
    }
    const key = positionKey(place);
    if (mayAsk && !this.#learned.has(key)) {
      bound(this.#learned);
      this.#learned.set(key, undefined);
      this.#parts.ask(place);
    }
    return this.#learned.get(key);
  }

  #mapOf(script: string): TraceMap | undefined {
    if (!this.#maps.has(script)) {
      bound(this.#maps);
      this.#maps.set(script, this.#load(script));
    }
    return this.#maps.get(script);
  }

  #load(script: string): TraceMap | undefined {
    try {
      const url = script.startsWith('file:') ? script : pathToFileURL(script).href;
      const code = readText(fileURLToPath(url.replace(/[?#].*$/, '')));
      const reference = code && /\n\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(code)?.[1];
      return reference ? new FlattenMap(mapText(reference, url), mapUrl(reference, url)) : undefined;
    } catch (error) {
      this.#parts.debug(`no source map for ${script}: ${String(error)}`);
      return undefined;
    }
  }
}

function mapUrl(reference: string, script: string): string {
  return reference.startsWith('data:') ? script : new URL(reference, script).href;
}

function mapText(reference: string, script: string): string {
  const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(reference);
  if (inline !== null) {
    const [, encoded, data = ''] = inline;
    return encoded === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString();
  }
  return readText(fileURLToPath(new URL(reference, script)));
}

// Synchronous: an asynchronous read is a job on the application's libuv pool.
function readText(path: string): string {
  if (statSync(path).size > largestFileBytes) {
    throw new RangeError(`${path} is larger than ${largestFileBytes} bytes`);
  }
  return readFileSync(path, 'utf8');
}

function bound(cache: Map<string, unknown>): void {
  const [oldest] = cache.keys();
  if (cache.size >= mostCached && oldest !== undefined) {
    cache.delete(oldest);
  }
}
