/** A text that a bidder writes in one field: kept while it is typed, sent once. */

import { keepTyped, typed } from "../app/typed.ts";
import { Piece } from "./piece.ts";

/** An element with a form of one text; whoever extends it renders the form. */
export abstract class Writing extends Piece {
  protected text = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.text = typed(this.keptAs());
  }

  /** What a text that is being written is kept by. */
  protected abstract keptAs(): string;

  /** Ask once more, and send the text. */
  protected abstract send(text: string): Promise<void>;

  protected get isEmpty(): boolean {
    return this.text.trim() === "";
  }

  protected readonly typed = (event: Event): void => {
    this.text = (event.currentTarget as HTMLTextAreaElement).value;
    keepTyped(this.keptAs(), this.text);
    this.requestUpdate();
  };

  protected readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.act.run("send", () => this.send(this.text.trim()));
  };

  /** The text was sent. */
  protected forget(): void {
    this.text = "";
    keepTyped(this.keptAs(), "");
  }
}
