/** Starts workers of our own addresses, and no others, where the browser wants that promised. */

interface Policy {
  createScriptURL(address: string): string;
}

interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): Policy;
}

let policy: Policy | undefined;

/**
 * Start a module worker.
 *
 * @param address as the template names it: `data-worker="{{ assets["x-worker.js"] }}"`.
 */
export function startWorker(address: string): Worker {
  return new Worker(checked(address), { type: "module" });
}

function checked(address: string): string {
  const { trustedTypes } = globalThis as unknown as { trustedTypes?: Factory };
  if (trustedTypes === undefined) return own(address);
  policy ??= trustedTypes.createPolicy("kaibiao-worker", { createScriptURL: own });
  return policy.createScriptURL(address);
}

function own(address: string): string {
  const found = new URL(address, location.origin);
  const isOwn = found.origin === location.origin && found.pathname.startsWith("/static/dist/");
  if (!isOwn) throw new TypeError("not a worker of this site");
  return found.href;
}
