/** How much time is left until a moment, by the service's clock; in words, once a second. */

import { span } from "./format.ts";
import { _ } from "./texts.ts";

/** `<kb-left data-until data-now>`: both ms UTC, `now` as the service had it in this page. */
export class TimeLeft extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    const until = Number(this.dataset["until"]);
    const ahead = Number(this.dataset["now"]) - performance.now();
    const show = (): void => {
      const left = until - (ahead + performance.now());
      this.textContent = left > 0 ? `${_("Time left")} ${span(left)}` : _("The deadline has passed");
    };
    show();
    this.#timer = window.setInterval(show, 1000);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#timer);
  }
}
