/** As V8 gives it, unmapped: the agent thread makes frames of it. */
export interface RawCallSite {
  readonly functionName: string;
  readonly scriptName: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}
