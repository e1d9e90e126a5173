// An application whose modules take a second to load: its loop does not turn before.
const end = performance.now() + 1_000;
while (performance.now() < end);
