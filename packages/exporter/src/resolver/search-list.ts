// The search list of resolv.conf(5), which c-ares does not apply to its plain queries. In a Kubernetes
// pod, `collector.observability` is found only by it.

/** What of resolv.conf bears on the names to ask for. */
export interface SearchRules {
  readonly search: readonly string[];
  /** A name with at least so many dots is tried as it is before the search list. */
  readonly ndots: number;
}

// The bounds of glibc and of older resolvers: what is beyond them is not asked for.
const mostDomains = 32;
const mostDots = 15;

/** Reads `search`, `domain` and `options ndots:`; of the first two the last one counts. */
export function parseResolvConf(text: string): SearchRules {
  let search: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'search') {
      search = values.slice(0, mostDomains);
    } else if (keyword === 'domain') {
      search = values.slice(0, 1);
    } else if (keyword === 'options') {
      for (const option of values) {
        const dots = /^ndots:([0-9]+)$/.exec(option)?.[1];
        ndots = dots === undefined ? ndots : Math.min(Number(dots), mostDots);
      }
    }
  }
  return { search, ndots };
}

/** The absolute names to ask for, in order. A trailing dot says that the name is absolute already. */
export function namesToAsk(name: string, { search, ndots }: SearchRules): readonly string[] {
  if (name.endsWith('.')) {
    return [name.slice(0, -1)];
  }
  const searched = search.map((domain) => `${name}.${domain.replace(/^\.|\.$/g, '')}`.replace(/\.$/, ''));
  const dots = name.split('.').length - 1;
  const names = dots >= ndots ? [name, ...searched] : [...searched, name];
  return [...new Set(names)];
}
