/**
 * Asks the service: reads, and commands that happen once however often they are sent.
 *
 * A refusal is a `Problem` in the page's language; a broken line is tried again with the very same
 * bytes under the same id, so that nothing happens twice and nothing typed is lost.
 */

import type { JsonObject } from "../crypto/canonical.ts";
import { language } from "./texts.ts";

/** What the service refused, in words for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly facts: JsonObject,
  ) {
    super(detail);
    this.name = "Problem";
  }
}

/** The service could not be reached, or answered with what is no answer of its own. */
export class Unreachable extends Error {
  constructor() {
    super("the service cannot be reached");
    this.name = "Unreachable";
  }
}

/** What an accepted command was answered with. */
export interface Done {
  readonly command: string;
  readonly events: readonly JsonObject[];
}

/** For how long something is asked again while no answer comes, ms. */
const PATIENCE = 60_000;
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 5_000;
const AGAIN = new Set([429, 502, 503, 504]);

/** Return a new id for a command. */
export function freshId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Read something as JSON. */
export async function get<T>(path: string): Promise<T> {
  return (await (await request(path, {})).json()) as T;
}

/** Read something as it is. */
export async function bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await request(path, {})).arrayBuffer());
}

/** Post a JSON object once; an answer without content gives undefined. */
export async function post<T>(path: string, body: object, commandId?: string): Promise<T> {
  const answer = await request(path, posting(JSON.stringify(body), commandId));
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Delete something. */
export async function remove(path: string): Promise<void> {
  await request(path, { method: "DELETE" });
}

/**
 * Send a command to a project until it is answered.
 *
 * @param body the command, or its very bytes as they were sent before.
 * @param id its id; the same as before where it is sent again.
 */
export async function command(
  project: string,
  body: object | string,
  id: string = freshId(),
): Promise<Done> {
  return send(`/api/projects/${project}/commands`, body, id);
}

/** Send a command to the registry until it is answered. */
export async function registry(body: object | string, id: string = freshId()): Promise<Done> {
  return send("/api/registry/commands", body, id);
}

async function send(path: string, body: object | string, id: string): Promise<Done> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return patiently(async () => {
    const answer = await request(path, posting(text, id));
    const told = (await answer.json()) as { events: JsonObject[] };
    return { command: id, events: told.events };
  });
}

/**
 * Ask again while no answer comes, or the answer is to come again later; for a minute at most.
 *
 * @param signal whoever asked does not want it any more.
 * @throws Problem the service refused.
 * @throws Unreachable no answer came.
 */
export async function patiently<T>(asking: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await asking();
    } catch (error) {
      const isWorthAgain =
        error instanceof Unreachable || (error instanceof Problem && AGAIN.has(error.status));
      const isOver = signal?.aborted === true || performance.now() + pause > until;
      if (!isWorthAgain || isOver) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}

function posting(body: string, id?: string): RequestInit {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (id !== undefined) headers["idempotency-key"] = id;
  return { method: "POST", body, headers };
}

/**
 * Ask for something and return its answer when it is a good one.
 *
 * @throws Problem the service refused.
 * @throws Unreachable no answer came.
 */
export async function request(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    const headers = new Headers(init.headers);
    headers.set("accept-language", language());
    answer = await fetch(path, { ...init, headers, credentials: "same-origin" });
  } catch {
    throw new Unreachable();
  }
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => undefined)) as JsonObject | undefined;
  if (told === undefined || typeof told["code"] !== "string") throw new Unreachable();
  throw new Problem(answer.status, told["code"], String(told["detail"] ?? told["code"]), told);
}
