// Whether Node's permission model lets us listen. It has to be asked beforehand: where it doesn't,
// `listen()` throws a tick later, out of everybody's reach, and takes the agent thread down. In audit
// mode the answer is no as well, so the endpoint stays off there as it will with the model in force.

/** What of `process` tells it. */
export interface PermissionFacts {
  readonly permission: { has(scope: string): boolean } | undefined;
  readonly allowedNodeEnvironmentFlags: ReadonlySet<string>;
}

/** False where listening would be refused. */
export function mayListen({ permission, allowedNodeEnvironmentFlags }: PermissionFacts): boolean {
  if (permission === undefined || permission.has('net')) {
    return true;
  }
  // A Node that doesn't guard the network yet knows no such scope either, and answers false.
  return !allowedNodeEnvironmentFlags.has('--allow-net');
}
