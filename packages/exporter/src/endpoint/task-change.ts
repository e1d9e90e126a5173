// `POST /tasks?level=census&seconds=10`: a change from its query. Whatever is not understood is named,
// with the value received.
import { changeFault, type TaskChange } from '@loopscope/sdk/telemetry';
import { shown } from '../environment.ts';

export type ParsedChange =
  | { readonly kind: 'change'; readonly change: TaskChange }
  | { readonly kind: 'fault'; readonly reason: string };

/** The change that a request's target asks for. */
export function parseTaskChange(url: string): ParsedChange {
  const [, query = ''] = url.split(/[?#]/, 2);
  const change: Record<string, unknown> = Object.create(null);
  for (const [field, text] of new URLSearchParams(query)) {
    if (field in change) {
      return { kind: 'fault', reason: `${shown(field)} is given twice.` };
    }
    change[field] = parseField(field, text);
  }
  const fault = changeFault({ ...change });
  if (fault !== undefined) {
    const { field, expected } = fault;
    const received = field in change ? shown(String(change[field])) : 'nothing';
    return { kind: 'fault', reason: `${shown(field)} is ${received}, expected ${expected}.` };
  }
  return { kind: 'change', change: { ...change } as unknown as TaskChange };
}

// What can't be parsed stays the text that it is, to be refused and shown.
function parseField(field: string, text: string): unknown {
  if (field === 'seconds' && /^\d{1,9}$/.test(text)) {
    return Number(text);
  }
  if (field === 'promises' && (text === 'true' || text === 'false')) {
    return text === 'true';
  }
  return text;
}
