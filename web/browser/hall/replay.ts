/** The hall as it was: frames folded again up to a moment. It asks for frames and shows nothing. */

import { get } from "../app/api.ts";
import { type JsonObject, merge } from "./merge.ts";
import type { Frame } from "./protocol.ts";
import type { Line } from "./view.ts";

/** Every so many frames a view is kept, so that no step back folds from the beginning. */
const KEPT_EVERY = 64;

interface Page {
  readonly n: number;
  readonly frames?: readonly Frame[];
}

/** The views and lines of some channels at a moment. */
export interface Moment {
  readonly views: Readonly<Record<string, JsonObject>>;
  readonly lines: readonly Line[];
  readonly at: number;
}

/** The frames of some channels in the order in which they happened. */
export class Replay {
  readonly #frames: readonly Frame[];
  readonly #kept = new Map<number, Readonly<Record<string, JsonObject>>>();

  constructor(frames: readonly Frame[]) {
    this.#frames = [...frames].sort((one, other) => one.event.at - other.event.at || one.n - other.n);
    this.#kept.set(0, {});
  }

  /** Fetch all frames of some channels, or those that are wanted of them. */
  static async load(
    project: string,
    channels: readonly string[],
    wanted: (frame: Frame) => boolean = () => true,
  ): Promise<Replay> {
    const all = await Promise.all(channels.map((name) => framesOf(project, name)));
    return new Replay(all.flat().filter(wanted));
  }

  /** How many moments there are. */
  get length(): number {
    return this.#frames.length;
  }

  /** When the moment of a number was, ms; numbers count from 1. */
  time(n: number): number {
    return this.#frames[Math.min(n, this.length) - 1]?.event.at ?? 0;
  }

  /** Return what was to be seen after so many frames. */
  at(n: number): Moment {
    const until = Math.max(0, Math.min(n, this.length));
    const from = Math.floor(until / KEPT_EVERY) * KEPT_EVERY;
    let views = this.#kept.get(from) ?? this.#fold(from);
    for (const frame of this.#frames.slice(from, until)) views = put(views, frame);
    const lines = new Map<string, Line>();
    for (const { event } of this.#frames.slice(0, until)) {
      lines.set(event.id, { ...lines.get(event.id), ...event });
    }
    return { views, lines: [...lines.values()], at: this.time(until) };
  }

  #fold(until: number): Readonly<Record<string, JsonObject>> {
    const before = until - KEPT_EVERY;
    let views = this.#kept.get(before) ?? this.#fold(before);
    for (const frame of this.#frames.slice(before, until)) views = put(views, frame);
    this.#kept.set(until, views);
    return views;
  }
}

function put(
  views: Readonly<Record<string, JsonObject>>,
  frame: Frame,
): Readonly<Record<string, JsonObject>> {
  return { ...views, [frame.ch]: merge(views[frame.ch] ?? {}, frame.patch) };
}

async function framesOf(project: string, name: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (;;) {
    const path = `/api/projects/${project}/channels/${name}/events`;
    const page = await get<Page>(`${path}?since=${frames.at(-1)?.n ?? 0}&wait=0`);
    const found = page.frames ?? [];
    frames.push(...found.map((frame) => ({ ...frame, ch: name })));
    if (found.length === 0 || (frames.at(-1)?.n ?? 0) >= page.n) return frames;
  }
}
