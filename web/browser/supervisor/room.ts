/**
 * A project as its supervisor's page follows it: one line to its room, and what was read because of
 * it, shared by all that shows a part of it. It works nothing out.
 */

import { get } from "../app/api.ts";
import type { Evaluation } from "../committee/view.ts";
import { Connection, type LineState } from "../hall/connection.ts";

const GATHER_MS = 150;

/** How far a project is, as the service says it. */
export interface Standing {
  readonly sections: readonly {
    readonly section: string;
    readonly title: string;
    readonly envelopes: number;
    readonly deadline: number;
    readonly phase: string;
  }[];
  readonly sessions: readonly { readonly section: string; readonly envelope: number; readonly stage: string }[];
}

const rooms = new Map<string, Room>();

/** Tells `line` when something came over it, and `read` when what it holds was read again. */
export class Room extends EventTarget {
  readonly connection: Connection;
  state: LineState = "connecting";
  standing: Standing | undefined;
  evaluations: readonly Evaluation[] = [];
  #seen = "";
  #gathering = 0;

  /** The room of a project; entered when it is first asked for, left with the page. */
  static of(project: string): Room {
    const known = rooms.get(project) ?? new Room(project);
    rooms.set(project, known);
    return known;
  }

  private constructor(readonly project: string) {
    super();
    this.connection = new Connection(project, ["hall", "supervisor"], {
      changed: () => this.#changed(),
      state: (state) => {
        this.state = state;
        this.dispatchEvent(new Event("line"));
      },
    });
    this.connection.start();
  }

  #changed(): void {
    const { channels } = this.connection;
    const seen = channels.names.map((name) => channels.n(name)).join("/");
    this.dispatchEvent(new Event("line"));
    if (seen === this.#seen) return;
    this.#seen = seen;
    window.clearTimeout(this.#gathering);
    this.#gathering = window.setTimeout(
      () =>
        void this.#read().catch(() => {
          // the next sign of life from the room asks again
          this.#seen = "";
        }),
      GATHER_MS,
    );
  }

  /** Ask for the project, and every evaluation that the channel knows of. */
  async #read(): Promise<void> {
    const view = this.connection.channels.view("supervisor");
    const sections = Object.keys((view["evaluations"] ?? {}) as object).sort();
    const project = `/api/projects/${this.project}`;
    [this.standing, this.evaluations] = await Promise.all([
      get<Standing>(project),
      Promise.all(sections.map((one) => get<Evaluation>(`${project}/sections/${one}/evaluation`))),
    ]);
    this.dispatchEvent(new Event("read"));
  }
}
