/**
 * One PDF file, read in parts as its pages are looked at.
 *
 * Scripts in it never run, forms are pictures, links lead nowhere, and nothing of it is kept. Each
 * file has a worker of its own, which ends with it, whatever the file made it do.
 */

import type * as Pdfjs from "pdfjs-dist";
import { Problem, Unreachable } from "../app/api.ts";
import { startWorker } from "../app/worker.ts";
import { PART_BYTES, partsOf } from "./parts.ts";

const MOST_PIXELS = 1 << 24;
const MOST_IMAGE_PIXELS = 1 << 26;
const MOST_DENSITY = 2;

/** Where the reader's own program, fonts and tables of characters lie. */
export interface Tools {
  readonly worker: string;
  readonly folder: string;
}

export interface Drawn {
  readonly canvas: HTMLCanvasElement;
  readonly text: HTMLElement;
  /** The pieces of the page's text as they lie there. */
  readonly pieces: readonly HTMLElement[];
  readonly density: number;
}

export type Fault = "encrypted" | "no_pdf" | "unreadable";

/** Why a file cannot be shown. */
export class PdfFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
    this.name = "PdfFault";
  }
}

export class Pdf {
  #task: Pdfjs.RenderTask | undefined;
  #isLost = false;

  private constructor(
    private readonly library: typeof Pdfjs,
    private readonly file: Pdfjs.PDFDocumentProxy,
    private readonly lost: Promise<never>,
    private readonly stop: () => void,
  ) {
    lost.catch(() => (this.#isLost = true));
  }

  /**
   * Begin to read a file; no more of it than where its pages are.
   *
   * @throws PdfFault
   * @throws Problem the service refused.
   * @throws Unreachable no answer came for a minute.
   */
  static async open(url: string, tools: Tools, signal: AbortSignal): Promise<Pdf> {
    const library: typeof Pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
    const asking = new AbortController();
    const both = AbortSignal.any([asking.signal, signal]);
    const { range, lost } = await partsOf(library, url, both).catch((error: unknown) => {
      throw shown(error);
    });
    const thread = startWorker(tools.worker);
    const loading = library.getDocument({
      range,
      verbosity: library.VerbosityLevel.ERRORS,
      worker: library.PDFWorker.create({ port: thread }),
      rangeChunkSize: PART_BYTES,
      disableStream: true,
      disableAutoFetch: true,
      enableXfa: false,
      useWasm: false,
      maxImageSize: MOST_IMAGE_PIXELS,
      canvasMaxAreaInBytes: 4 * MOST_PIXELS,
      cMapUrl: `${tools.folder}/cmaps/`,
      cMapPacked: true,
      standardFontDataUrl: `${tools.folder}/standard_fonts/`,
      wasmUrl: `${tools.folder}/wasm/`,
    });
    const stop = (): void => {
      asking.abort();
      // a file may keep its worker busy for ever: it is not waited for
      void loading.destroy().catch(() => undefined);
      thread.terminate();
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      const file = await Promise.race([loading.promise, lost]);
      signal.removeEventListener("abort", stop);
      return new Pdf(library, file, lost, stop);
    } catch (error) {
      stop();
      throw shown(error);
    }
  }

  get pages(): number {
    return this.file.numPages;
  }

  /** Whether a part of it could not be had: nothing more is drawn of it, and it is to be opened anew. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Draw a page as wide as there is room.
   *
   * @param zoom 1 fills the width.
   * @throws PdfFault
   * @throws Problem the service refused.
   * @throws Unreachable no answer came for a minute.
   */
  async draw(number: number, width: number, zoom: number): Promise<Drawn> {
    this.#task?.cancel();
    try {
      return await Promise.race([this.#drawn(number, width, zoom), this.lost]);
    } catch (error) {
      throw this.isCancelled(error) ? error : shown(error);
    }
  }

  async #drawn(number: number, width: number, zoom: number): Promise<Drawn> {
    const page = await this.file.getPage(number);
    const natural = page.getViewport({ scale: 1 });
    const scale = (width / natural.width) * zoom;
    const viewport = page.getViewport({ scale });
    const room = Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height));
    const density = Math.min(window.devicePixelRatio || 1, MOST_DENSITY, room);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.floor(viewport.width * density));
    canvas.height = Math.max(1, Math.floor(viewport.height * density));
    canvas.style.setProperty("width", `${Math.floor(viewport.width)}px`);
    const task = page.render({
      canvas,
      viewport,
      transform: [density, 0, 0, density, 0, 0],
      annotationMode: this.library.AnnotationMode.ENABLE,
    });
    this.#task = task;
    await task.promise;
    const [text, pieces] = await this.#text(page, viewport, scale);
    page.cleanup();
    return { canvas, text, pieces, density };
  }

  /** Whether a failure only says that another page was asked for meanwhile. */
  isCancelled(error: unknown): boolean {
    return error instanceof this.library.RenderingCancelledException;
  }

  async #text(
    page: Pdfjs.PDFPageProxy,
    viewport: Pdfjs.PageViewport,
    scale: number,
  ): Promise<[HTMLElement, readonly HTMLElement[]]> {
    const container = document.createElement("div");
    container.className = "reader-text";
    container.style.setProperty("--total-scale-factor", String(scale));
    const layer = new this.library.TextLayer({
      textContentSource: page.streamTextContent(),
      container,
      viewport,
    });
    await layer.render();
    return [container, layer.textDivs];
  }

  /**
   * Return the words of a page.
   *
   * @throws PdfFault
   * @throws Problem the service refused.
   * @throws Unreachable no answer came for a minute.
   */
  async words(number: number): Promise<string> {
    try {
      return await Promise.race([this.#words(number), this.lost]);
    } catch (error) {
      throw shown(error);
    }
  }

  async #words(number: number): Promise<string> {
    const page = await this.file.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return items.map((item) => ("str" in item ? item.str : "")).join("");
  }

  /** Let the file go. */
  close(): void {
    this.#task?.cancel();
    this.stop();
  }
}

/** A refusal and a broken line are told as they are; anything else is the file's own fault. */
function shown(error: unknown): Error {
  return error instanceof Problem || error instanceof Unreachable ? error : new PdfFault(faultOf(error));
}

function faultOf(error: unknown): Fault {
  const name = error instanceof Error ? error.name : "";
  if (name === "PasswordException") return "encrypted";
  return name === "InvalidPDFException" ? "no_pdf" : "unreadable";
}
