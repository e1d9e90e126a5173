// Our own time on an application's thread, and what is switched off to take less of it.

/** What takes it. */
export const ownParts = ['sample', 'gc', 'request', 'tasks', 'profile', 'capture'] as const;
export type OwnPart = (typeof ownParts)[number];

/** Milliseconds by part, since the thread's start. */
export type OwnTimeReading = Readonly<Record<OwnPart, number>>;

/** Switched off one after the other, the dearest and most easily missed first. */
export const limitedFeatures = ['profile', 'tasks', 'request'] as const;
export type LimitedFeature = (typeof limitedFeatures)[number];
