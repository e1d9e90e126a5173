'use strict';
// The door for `node --require`, which any program that runs under the same NODE_OPTIONS comes
// through, on whatever runtime: it does nothing, and says nothing, where Loopscope can't run. Hence
// syntax that Node 12 parses.
(function gate() {
  const versions = process.versions;
  if (versions.bun || versions.deno || versions.electron || typeof Deno !== 'undefined') {
    return;
  }
  const parts = versions.node.split('.');
  const major = Number(parts[0]);
  const minor = Number(parts[1]);
  const supported = (major === 22 && minor >= 15) || major === 24 || major === 26;
  // False under --no-experimental-require-module.
  if (!supported || !process.features.require_module) {
    return;
  }
  try {
    require('./dist/register.js');
  } catch (error) {
    // An application must not die of its agent.
    if (/\bloopscope\b/i.test(process.env.NODE_DEBUG || '')) {
      console.error('loopscope: the preload could not be loaded:', error);
    }
  }
})();
