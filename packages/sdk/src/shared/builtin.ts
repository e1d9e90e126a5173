// Node's own modules, taken without an import. An `import` of `node:fs` or `node:util` makes their
// whole ES module face and so loads what hangs lazily on them (streams, readline, promises): 5 ms of
// the application's start. And on a Node that lacks a named export, an import could not even be linked.

/** As `process.getBuiltinModule`; an empty module on a Node that has no such function. */
export const builtin: typeof process.getBuiltinModule = process.getBuiltinModule ?? (() => ({}));
