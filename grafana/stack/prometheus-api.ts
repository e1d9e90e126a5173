// The HTTP API for queries that Prometheus has, and others after it.

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Of an instant query. */
  readonly value?: readonly [number, string];
  /** Of a range query. */
  readonly values?: readonly (readonly [number, string])[];
}

/** Asks `query` or `query_range`. Throws what the server says of a query that it does not take. */
export async function askApi(
  url: string,
  path: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const { data, error } = (await response.json()) as {
    data?: { resultType: string; result: readonly Sample[] };
    error?: string;
  };
  if (data === undefined) {
    throw new Error(`${error} in ${parameters['query']}`);
  }
  return data.result;
}
