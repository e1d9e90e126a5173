// The environment as the application will find it. PM2's cluster mode starts each process in the environment of its
// daemon, and sets the application's, which it hands over as JSON in a variable, after the preloads have run.

type Environment = Readonly<Record<string, string | undefined>>;

/** `process.env`, with what PM2 is about to set. */
export function applicationEnvironment(environment: Environment = process.env): Environment {
  const handedOver = environment['pm2_env'];
  if (handedOver === undefined) {
    return environment;
  }
  try {
    const values = JSON.parse(handedOver) as unknown;
    // Its own settings are among them, some of which are objects.
    const settings = Object.entries(values ?? {}).filter(([, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    );
    return {
      ...environment,
      ...Object.fromEntries(settings.map(([name, value]) => [name, String(value)])),
    };
  } catch {
    return environment;
  }
}
