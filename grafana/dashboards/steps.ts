// From which value on a panel changes its colour: the same everywhere, from the one file of thresholds.
import { thresholds } from '../thresholds.ts';
import type { Step } from './panel.ts';
import { colours } from './theme.ts';

export const lostSteps: readonly Step[] = [
  { from: thresholds.stallBudget, colour: colours.noticed },
  { from: thresholds.stallBudget * 6, colour: colours.bad },
];
export const delaySteps: readonly Step[] = [
  { from: thresholds.delayNoticedSeconds, colour: colours.noticed },
  { from: thresholds.delayBadSeconds, colour: colours.bad },
];
export const activeSteps: readonly Step[] = [
  { from: thresholds.loopBusy, colour: colours.noticed },
  { from: thresholds.loopSaturated, colour: colours.bad },
];
export const gcSteps: readonly Step[] = [
  { from: thresholds.gcNoticed, colour: colours.noticed },
  { from: thresholds.gcPressure, colour: colours.bad },
];
