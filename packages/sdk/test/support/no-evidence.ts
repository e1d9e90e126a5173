import type { EvidenceSources, Gather } from '../../src/agent/cause/evidence-log.ts';

/** A system that tells nothing of its threads. */
export const noEvidence: EvidenceSources = {
  schedule: () => undefined,
  state: () => undefined,
  contention: () => ({}),
};

/** What is found out where it tells nothing. */
export const noFindings: Gather = ({ start, captures }, until) => ({
  start,
  end: until,
  captures,
  schedule: [],
  states: [],
  contention: [],
});
