import type { AlertOperator } from '@loopscope/sdk/telemetry';

/** Whether what was found stands in this relation to what the condition names. */
export function compare(found: number | string, operator: AlertOperator, wanted: number | string): boolean {
  switch (operator) {
    case '==':
      return found === wanted;
    case '!=':
      return found !== wanted;
    case 'contains':
      return String(found).includes(String(wanted));
    case '>':
      return found > wanted;
    case '>=':
      return found >= wanted;
    case '<':
      return found < wanted;
    case '<=':
      return found <= wanted;
  }
}
