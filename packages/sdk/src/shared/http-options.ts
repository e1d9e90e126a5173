// URLs and headers of what Loopscope sends to: how they are written, and which are right.

/** Whether it is an `http:` or `https:` URL with a host. */
export const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 2048 && URL.canParse(value) && /^https?:\/\/[^/]/i.test(value);

/** Whether it is one such URL, or up to 8 that are separated by commas. */
export const isHttpUrls = (value: unknown): boolean =>
  typeof value === 'string' && splitUrls(value).length <= 8 && splitUrls(value).every(isHttpUrl);

function splitUrls(text: string): readonly string[] {
  return text.split(',').map((url) => url.trim());
}

// What the transport itself decides.
const reservedHeaders =
  /^(connection|content-encoding|content-length|content-type|expect|host|transfer-encoding|upgrade)$/i;

/** Whether these headers can be sent beside those that the transport decides. */
export const isHeaders = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(
    ([name, text]) =>
      /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name) &&
      !reservedHeaders.test(name) &&
      typeof text === 'string' &&
      /^[\t\x20-\x7e]{1,4096}$/.test(text),
  );

/** `key=value` pairs, percent-encoded and separated by commas, as OTEL_EXPORTER_OTLP_HEADERS is written. */
export const parseHeaders = (text: string): unknown => {
  try {
    const pairs = text.split(',').map((pair) => {
      const equals = pair.indexOf('=');
      const name = pair.slice(0, Math.max(equals, 0)).trim();
      return [decodeURIComponent(name), decodeURIComponent(pair.slice(equals + 1).trim())];
    });
    return Object.fromEntries(pairs);
  } catch {
    return undefined;
  }
};
