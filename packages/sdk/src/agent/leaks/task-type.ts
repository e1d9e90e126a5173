// Node names a resource in two ways: `getActiveResourcesInfo()` says `TCPSocketWrap` where the hooks say
// `TCPWRAP`. A census samples by the hooks' name.
const hooked: Readonly<Record<string, string>> = {
  TCPSocketWrap: 'TCPWRAP',
  TCPServerWrap: 'TCPSERVERWRAP',
  PipeWrap: 'PIPEWRAP',
  PipeServerWrap: 'PIPESERVERWRAP',
};

const timers: ReadonlySet<string> = new Set(['Timeout', 'Immediate']);

/** The hooks' name of an active resource's type. */
export function taskTypeOf(resourceType: string): string {
  return hooked[resourceType] ?? (timers.has(resourceType) ? resourceType : resourceType.toUpperCase());
}
