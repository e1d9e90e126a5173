/**
 * The symbol on the global object under which a thread's agent is found: by other copies of the
 * package, and by the agent thread's interrupt. The number is raised when the slot's shape changes.
 */
export const slotName = 'loopscope.agent.1';
