// What entries of the catalogue have in common.

export const standard = { source: 'OpenTelemetry semantic conventions', platforms: 'all' } as const;
export const own = { source: 'Loopscope', platforms: 'all' } as const;
export const thread = { thread: 'The application thread that is measured: `main`.' };
