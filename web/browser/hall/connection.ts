/**
 * A page's line to its room: enters with a ticket, notices a dead line by itself, comes back, and
 * asks by polling where no socket gets through. It shows nothing.
 */

import { Channels } from "./channels.ts";
import { ServerClock } from "./clock.ts";
import type { JsonObject } from "./merge.ts";
import { type Frame, type FromRoom, SIGNED_OUT, SUBPROTOCOL, WRONG } from "./protocol.ts";
import type { Here } from "./view.ts";

const PING_MS = 4_000;
const DEAD_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const SOCKET_TRIES = 3;
const HISTORY = 450;
const POLL_PAUSE_MS = 2_000;

export type LineState = "connecting" | "live" | "polling" | "down" | "signed_out" | "refused";

/** What a page is told. */
export interface Listener {
  changed(): void;
  state(state: LineState): void;
}

/** The line of one page to one project's room. */
export class Connection {
  readonly channels: Channels;
  readonly clock = new ServerClock();
  here: Here = {};
  downSince: number | undefined;
  #socket: WebSocket | undefined;
  #state: LineState = "connecting";
  #heard = 0;
  #pings = new Map<number, number>();
  #ping = 0;
  #pinged = 0;
  #failures = 0;
  #everOpen = false;
  #retry = 0;
  #watch = 0;
  /** Grows whenever a line is given up: who waited for a ticket meanwhile opens none. */
  #turn = 0;

  constructor(
    readonly project: string,
    names: readonly string[],
    readonly listener: Listener,
  ) {
    this.channels = new Channels(names);
  }

  /** Begin, and go on until the page is left. */
  start(): void {
    window.addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.retryNow();
    });
    this.#watch = window.setInterval(() => this.#look(), 1_000);
    void this.#open();
  }

  /** End for good. */
  stop(): void {
    window.clearInterval(this.#watch);
    this.#detach();
  }

  /** Come back at once, unless the line is fine. */
  retryNow(): void {
    if (this.#state === "down") void this.#open();
  }

  /** Come back with what the page has, to get what it has not. */
  refresh(): void {
    if (this.#state === "live") void this.#open();
  }

  async #open(): Promise<void> {
    this.#detach();
    const turn = this.#turn;
    const ticket = await this.#ticket(turn);
    if (ticket === undefined || turn !== this.#turn) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const address = `${scheme}//${location.host}/rooms/${this.project}`;
    const socket = new WebSocket(address, SUBPROTOCOL);
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = (): void => socket.send(JSON.stringify(this.#hello(ticket)));
    socket.onmessage = (message: MessageEvent<string>): void => this.#take(message.data);
    socket.onclose = (closed): void => this.#closed(socket, closed.code);
  }

  #hello(ticket: string): object {
    const { epoch } = this.channels;
    const channels = this.channels.names.map(
      (name) => [name, { since: this.channels.n(name), epoch }] as const,
    );
    return { t: "hello", ticket, channels: Object.fromEntries(channels) };
  }

  async #ticket(turn: number): Promise<string | undefined> {
    try {
      const answer = await fetch("/api/rooms/ticket", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ project: this.project, channels: this.channels.names }),
        signal: AbortSignal.timeout(DEAD_MS),
      });
      if (answer.status === 401) return this.#end("signed_out");
      if (answer.status === 403 || answer.status === 404) return this.#end("refused");
      if (!answer.ok) throw new Error(String(answer.status));
      return ((await answer.json()) as { ticket: string }).ticket;
    } catch {
      if (turn === this.#turn) this.#down();
      return undefined;
    }
  }

  #take(text: string): void {
    this.#heard = performance.now();
    const said = JSON.parse(text) as FromRoom;
    switch (said.t) {
      case "welcome":
        this.#welcomed(said);
        break;
      case "snapshot":
        this.channels.reset(said.ch, said.n, said.view);
        break;
      case "frame":
        if (!this.channels.take(said)) void this.#open();
        break;
      case "presence":
        this.here = { ...said.here };
        break;
      case "gone":
        this.channels.drop(said.ch);
        break;
      case "pong":
        this.#timed(said.id, said.now);
        break;
    }
    this.listener.changed();
  }

  #welcomed(said: Extract<FromRoom, { t: "welcome" }>): void {
    if (!this.#everOpen) void this.#history(said.channels);
    this.#everOpen = true;
    this.#failures = 0;
    this.channels.epoch = Object.values(said.channels)[0]?.epoch ?? "";
    this.#become("live");
    this.#sendPing();
  }

  /** Ask once for the lines that were before this page. */
  async #history(channels: Readonly<Record<string, { n: number; epoch: string }>>): Promise<void> {
    const asked = Object.entries(channels).map(async ([name, { n, epoch }]) => {
      const since = Math.max(0, n - HISTORY);
      const query = `since=${since}&epoch=${epoch}&wait=0`;
      const answer = await fetch(`/api/projects/${this.project}/channels/${name}/events?${query}`);
      if (!answer.ok) return;
      const { frames = [] } = (await answer.json()) as Polled;
      for (const frame of frames) this.channels.note(frame.event);
    });
    await Promise.allSettled(asked);
    this.listener.changed();
  }

  #timed(id: number, now: number): void {
    const asked = this.#pings.get(id);
    this.#pings.delete(id);
    if (asked !== undefined) this.clock.sample(asked, performance.now(), now);
  }

  /** Once a second: is the line alive, or the one that is being tried; is a ping due? */
  #look(): void {
    const silent = performance.now() - this.#heard;
    if (silent > DEAD_MS && this.#socket !== undefined) {
      this.#detach();
      this.#down();
    } else if (this.#state === "live" && performance.now() - this.#pinged >= PING_MS) {
      this.#sendPing();
    }
  }

  #sendPing(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || this.#pings.size > 2) return;
    this.#ping += 1;
    this.#pinged = performance.now();
    this.#pings.set(this.#ping, performance.now());
    this.#socket.send(JSON.stringify({ t: "ping", id: this.#ping }));
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#detach();
    if (code === SIGNED_OUT) this.#down();
    else if (WRONG.has(code)) this.#end("refused");
    else this.#down();
  }

  #down(): void {
    this.#failures += 1;
    if (!this.#everOpen && this.#failures >= SOCKET_TRIES) {
      void this.#poll();
      return;
    }
    this.#become("down");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1));
    this.#retry = window.setTimeout(() => void this.#open(), wait * (0.5 + jitter()));
  }

  /** Ask again and again, for lines that let no socket through. */
  async #poll(): Promise<void> {
    const turn = this.#turn;
    while (turn === this.#turn) {
      const states = await Promise.all(this.channels.names.map((name) => this.#pollOne(name)));
      if (turn !== this.#turn) return;
      if (states.includes(401)) this.#end("signed_out");
      else this.#become(states.every((status) => status === 200) ? "polling" : "down");
      this.listener.changed();
      await new Promise((resolve) => window.setTimeout(resolve, POLL_PAUSE_MS));
    }
  }

  async #pollOne(name: string): Promise<number> {
    const since = `since=${this.channels.n(name)}&epoch=${this.channels.epoch}&wait=0`;
    const asked = performance.now();
    try {
      const path = `/api/projects/${this.project}/channels/${name}/events?${since}`;
      const answer = await fetch(path, { signal: AbortSignal.timeout(DEAD_MS) });
      if (!answer.ok) return answer.status;
      this.#polled(name, asked, (await answer.json()) as Polled);
      return 200;
    } catch {
      return 0;
    }
  }

  #polled(name: string, asked: number, found: Polled): void {
    this.clock.sample(asked, performance.now(), found.now);
    this.channels.epoch = found.epoch;
    if (found.view !== undefined) this.channels.reset(name, found.n, found.view);
    for (const frame of found.frames ?? []) this.channels.take(frame);
  }

  #end(state: LineState): undefined {
    this.#detach();
    this.#become(state);
    return undefined;
  }

  #become(state: LineState): void {
    if (state === "live" || state === "polling") this.downSince = undefined;
    else this.downSince ??= performance.now();
    if (state === this.#state) return;
    this.#state = state;
    this.listener.state(state);
  }

  #detach(): void {
    this.#turn += 1;
    window.clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#pings.clear();
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

interface Polled {
  readonly now: number;
  readonly epoch: string;
  readonly n: number;
  readonly frames?: readonly Frame[];
  readonly view?: JsonObject;
}

/** A number from 0 to 1, so that many pages do not come back at once. */
function jitter(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value / 2 ** 32;
}
