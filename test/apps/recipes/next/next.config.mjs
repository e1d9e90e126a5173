import { fileURLToPath } from 'node:url';

export default {
  // The folder that holds the packages: Next would look for a lock file further up.
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
};
