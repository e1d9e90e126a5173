// The work that is to blame, in each of the applications here.
export function makeReport(durationMs) {
  const end = performance.now() + durationMs;
  let customers = 0;
  while (performance.now() < end) customers += 1;
  return `customers: ${customers > 0}\n`;
}
