/** What is looked at before a session: timekeeper, clocks, disk, custodians; it judges by plain limits. */

import { html, type TemplateResult } from "lit";
import { get } from "../app/api.ts";
import { span } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { tag } from "../hall/pieces.ts";
import { LiveStep } from "./live.ts";
import { sizeText } from "./units.ts";
import { envelopes, type Project } from "./view.ts";

interface Preflight {
  readonly now: number;
  readonly timekeeper: {
    readonly is_set: boolean;
    readonly size: number;
    readonly seen: number;
    readonly at?: number;
  };
  readonly disk: { readonly free: number; readonly reserve: number };
  readonly keys: readonly {
    readonly section: string;
    readonly envelope: number;
    readonly k: number;
    readonly erased: boolean;
    readonly custodians: readonly { readonly name: string; readonly at?: number }[];
  }[];
}

type State = "good" | "look" | "bad";

interface Check {
  readonly name: string;
  readonly said: string;
  readonly state: State;
}

const OFF_MS = 2_000;
const AHEAD_MS = 30_000;

/** `<kb-clerk-preflight data-project>`. */
export class PreflightStep extends LiveStep {
  #found: Preflight | undefined;
  #off = 0;

  protected override async load(): Promise<void> {
    const asked = Date.now();
    const found = await get<Preflight>(`/api/projects/${this.project}/preflight`);
    this.#off = Math.round(found.now - (asked + Date.now()) / 2);
    this.#found = found;
  }

  protected shown(view: Project): TemplateResult {
    const found = this.#found;
    if (found === undefined) return html``;
    const checks = [...general(found, this.#off), ...this.#keys(view, found)];
    const bad = checks.filter((one) => one.state !== "good").length;
    return html`${this.lineTag()}
      <p class="note ${bad > 0 ? "note-amber" : ""}" role="status">
        ${bad === 0
          ? _("Everything is in order.")
          : _("{count} points need a look.", { count: bad })}
      </p>
      <ul class="card tasks">
        ${checks.map(
          (one) =>
            html`<li>
              <span class="task-name">${one.name}<span class="sub">${one.said}</span></span
              >${verdict(one.state)}
            </li>`,
        )}
      </ul>
      <div class="acts">
        ${this.button("again", _("Look again"), () => this.refresh(), { isQuiet: true })}
      </div>`;
  }

  #keys(view: Project, found: Preflight): readonly Check[] {
    const places = view.sections
      .filter((one) => one.phase !== "terminated")
      .flatMap((one) => envelopes(one).map((envelope) => [one, envelope] as const));
    return places.flatMap(([{ section, title, envelopes: of }, envelope]) => {
      const name = of === 2 ? `${title} · ${_("envelope {n}", { n: envelope })}` : title;
      const key = found.keys.find(
        (one) => one.section === section && one.envelope === envelope && !one.erased,
      );
      if (key === undefined) return [{ name, said: _("no key yet"), state: "bad" as const }];
      return [this.#rehearsals(name, key), this.#reachable(name, key)];
    });
  }

  #rehearsals(name: string, key: Preflight["keys"][number]): Check {
    const silent = key.custodians.filter((one) => one.at === undefined);
    const done = key.custodians.length - silent.length;
    const said = _("{done} of {n} custodians have rehearsed, {k} are needed", {
      done,
      n: key.custodians.length,
      k: key.k,
    });
    const missing = silent.length === 0 ? "" : ` · ${silent.map((one) => one.name).join(_(", "))}`;
    const state = silent.length === 0 ? "good" : done >= key.k ? "look" : "bad";
    return { name: `${_("Rehearsals")} · ${name}`, said: `${said}${missing}`, state };
  }

  #reachable(name: string, key: Preflight["keys"][number]): Check {
    const up = key.custodians.filter((one) => this.here[`custodian/${one.name}`]?.line === "up");
    const said =
      up.length === 0
        ? _("none of the custodians has the project open now")
        : up.map((one) => one.name).join(_(", "));
    return {
      name: `${_("Custodians here now")} · ${name}`,
      said,
      state: up.length >= key.k ? "good" : "look",
    };
  }
}

function general(found: Preflight, off: number): readonly Check[] {
  const { timekeeper, disk, now } = found;
  const age = timekeeper.at === undefined ? undefined : Math.max(0, now - timekeeper.at);
  const behind = timekeeper.size - timekeeper.seen;
  const isAhead = timekeeper.at !== undefined && timekeeper.at - now > AHEAD_MS;
  const room = disk.free - disk.reserve;
  return [
    {
      name: _("Timekeeper"),
      said: !timekeeper.is_set
        ? _("none is set up in this installation")
        : age === undefined
          ? _("it has seen nothing of the log yet")
          : behind > 0
            ? _("{count} entries are not cosigned yet; the newest cosignature is {age} old", {
                count: behind,
                age: span(age),
              })
            : _("everything is cosigned; the newest cosignature is {age} old", { age: span(age) }),
      state: !timekeeper.is_set || age === undefined ? "bad" : behind > 0 ? "look" : "good",
    },
    {
      name: _("Clocks"),
      said: isAhead
        ? _("the timekeeper's clock is ahead of the service's")
        : _("this device and the service differ by {time}", {
            time: Math.abs(off) < 10_000 ? `${Math.abs(off)} ms` : span(Math.abs(off)),
          }),
      state: isAhead ? "bad" : Math.abs(off) > OFF_MS ? "look" : "good",
    },
    {
      name: _("Disk"),
      said: _("{free} free, {reserve} of it kept back", {
        free: sizeText(disk.free),
        reserve: sizeText(disk.reserve),
      }),
      state: room <= 0 ? "bad" : room < disk.reserve * 4 ? "look" : "good",
    },
  ];
}

function verdict(state: State): TemplateResult {
  if (state === "good") return tag(_("in order"), "green");
  return state === "look" ? tag(_("look at it"), "amber") : tag(_("not in order"), "red");
}
