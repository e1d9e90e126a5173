// Which failed requests are worth another try, and when: the retry rules of the OTLP specification.

const retryableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

// A peer that speaks no HTTP, a certificate that is not trusted and a permission that is missing will
// be the same a second later; other failures of the network may not be.
const lastingFailure =
  /^(HPE_|CERT_|ERR_TLS_|ERR_SSL_|ERR_ACCESS_DENIED|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** Whether a server that answered so may take the same data later. */
export function isRetryableStatus(status: number): boolean {
  return retryableStatuses.has(status);
}

/** Whether an attempt that ended in an error of this code, without an answer, may succeed later. */
export function isRetryableCode(code: string): boolean {
  return !lastingFailure.test(code);
}

/** Milliseconds that a Retry-After header asks for; undefined where it is absent, past or garbage. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^[0-9]{1,9}$/.test(text)) {
    return Number(text) * 1000 || undefined;
  }
  // Only what looks like an HTTP date: Date.parse() makes a date of nearly any text with a number.
  const milliseconds = /^[a-z]{3,9},? .*[0-9]{2}:[0-9]{2}:[0-9]{2}/i.test(text)
    ? Date.parse(text) - now
    : Number.NaN;
  return milliseconds > 0 ? milliseconds : undefined;
}

const firstBackoffMs = 1_000;
const longestBackoffMs = 5_000;
const backoffFactor = 1.5;
const jitter = 0.2;

/** The wait before the given retry, from 1, when the server names none. `random` is within 0 and 1. */
export function backoffMs(retry: number, random: number, longestMs: number = longestBackoffMs): number {
  const backoff = Math.min(firstBackoffMs * backoffFactor ** (retry - 1), longestMs);
  return backoff * (1 - jitter + 2 * jitter * random);
}
