// What people read while it happens: pure text, at most 100 columns.
import type { Stall } from '@loopscope/sdk/telemetry';
import type { Fault } from '../fault.ts';
import { causeLines } from './cause-lines.ts';
import { shownFile, shownFunction } from './code-place.ts';
import { fitLine } from './line-width.ts';
import type { Palette } from './palette.ts';
import type { FeedEvent, SeenStall } from './stall-feed.ts';

export interface ReportStyle {
  readonly palette: Palette;
  /** Files are shown relative to it. */
  readonly root: string;
}

const indent = ' '.repeat(12);
const traceIdDigits = 8;

/** Where to look, and how it was started. */
export function headerLines(
  { url, agentUrl, command }: { readonly url: string; readonly agentUrl: string; readonly command: string },
  once: boolean,
  { palette }: ReportStyle,
): string[] {
  return [
    palette.bold('  Loopscope: what blocks an event loop, while it is still blocked'),
    '',
    `  Service   ${url}/orders   (its faults: /faults)`,
    `  Metrics   ${agentUrl}/metrics`,
    `  Stalls    ${agentUrl}/stalls`,
    `  Health    ${agentUrl}/livez`,
    '',
    palette.dim(fitLine(`  ${command}`)),
    palette.dim(once ? '  One round.' : '  Round after round; Ctrl-C ends it.'),
  ];
}

/** A fault that is about to be switched on. */
export function faultLines(fault: Fault, ms: number, atMs: number, { palette }: ReportStyle): string[] {
  return [
    '',
    fitLine(`${elapsed(atMs)}  ${palette.bold(fault.name)}: ${fault.title}`),
    palette.dim(fitLine(`${indent}GET ${fault.path}?ms=${ms}`)),
  ];
}

/** A stall as it is reported. */
export function stallLines(event: FeedEvent, atMs: number, style: ReportStyle): string[] {
  const { palette } = style;
  const { stall } = event.seen;
  const time = elapsed(atMs);
  switch (event.type) {
    case 'opened': {
      const state = palette.red(`STILL BLOCKED for ${whole(stall.durationMs)} ms`);
      return [fitLine(`${time}  ${state}   ${describeContext(stall)}`), culpritLine(stall, style)];
    }
    case 'named':
      return [
        fitLine(`${time}  still blocked, and now named   ${describeContext(stall)}`),
        culpritLine(stall, style),
      ];
    case 'closed':
      return stall.phase === 'startup'
        ? [palette.dim(fitLine(`${time}  start-up kept the loop for ${whole(stall.durationMs)} ms`))]
        : closedLines(event.seen, time, style);
  }
}

function closedLines(seen: SeenStall, time: string, style: ReportStyle): string[] {
  const { stall, openAgeMs, namedAgeMs, livez } = seen;
  const end = style.palette.green(`ended after ${whole(stall.durationMs)} ms`);
  const suspended = stall.suspendedMs > 0 ? ` (+${whole(stall.suspendedMs)} ms suspended)` : '';
  const answers = `meanwhile /livez answered ${livez.statuses.join(', ')} within ${Math.ceil(livez.slowestMs)} ms`;
  const line = fitLine(`${time}  ${end}${suspended}${openAgeMs === undefined ? '' : `; ${answers}`}`);
  const why = causeLines(stall).map((text) => style.palette.dim(fitLine(`${indent}${text}`)));
  return namedAgeMs === undefined
    ? [line, fitLine(`${indent}${describeContext(stall)}`), culpritLine(stall, style), ...why]
    : [line, ...why];
}

/** The moment of a line, since the demo's start. */
function elapsed(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(8)} s`;
}

function culpritLine(stall: Stall, { palette, root }: ReportStyle): string {
  const { culprit } = stall;
  if (culprit === undefined) {
    const reason = stall.state === 'open' ? 'no stack yet: inside a native call' : 'no stack was taken';
    return palette.dim(`${indent}(${reason})`);
  }
  const place = `${shownFile(culprit.file, root)}:${culprit.line}`;
  const late = culprit.late ? palette.dim('  (on its return)') : '';
  return fitLine(`${indent}${palette.yellow(shownFunction(culprit.function))}  ${place}${late}`);
}

function describeContext({ state, request, span, captures }: Stall): string {
  if (state === 'open' && captures.length === 0) {
    return 'its request comes with the stack';
  }
  const asked = request ? `${request.method} ${request.route ?? '(no route)'}` : 'no request';
  return `${asked}   ${span ? `trace ${span.traceId.slice(0, traceIdDigits)}` : 'no trace'}`;
}

function whole(ms: number): string {
  return String(Math.round(ms));
}
