// The preload: `node --import @loopscope/sdk/register app.js`. One file, no top-level await (it could
// not be `--require`d then), and nothing that an unsupported Node could not parse or resolve.
import { preload } from './main/start.ts';

preload();
