/** An element that stands on a page the service wrote, and takes its place once it has more to show. */

import { LitElement } from "lit";

/** Light DOM of a child of its own: what the service wrote stays until something is drawn. */
export abstract class Beside extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return document.createElement("div");
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    super.update(changed);
    if (!this.renderRoot.isConnected) this.replaceChildren(this.renderRoot);
  }
}
