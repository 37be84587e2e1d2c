/**
 * One PDF file, read in parts as its pages are looked at.
 *
 * Scripts in it never run, forms are pictures, links lead nowhere, and nothing of it is kept. Each
 * file has a worker of its own, which ends with it, whatever the file made it do.
 */

import type * as Pdfjs from "pdfjs-dist";
import { startWorker } from "../app/worker.ts";

/** As many bytes as the service decrypts at a time. */
const PART_BYTES = 1 << 18;
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

  private constructor(
    private readonly library: typeof Pdfjs,
    private readonly file: Pdfjs.PDFDocumentProxy,
    private readonly loading: Pdfjs.PDFDocumentLoadingTask,
    private readonly thread: Worker,
  ) {}

  /**
   * Begin to read a file; no more of it than where its pages are.
   *
   * @throws PdfFault
   */
  static async open(url: string, tools: Tools, signal: AbortSignal): Promise<Pdf> {
    const library: typeof Pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
    const thread = startWorker(tools.worker);
    const loading = library.getDocument({
      url,
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
    const stop = (): void => end(loading, thread);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const file = await loading.promise;
      signal.removeEventListener("abort", stop);
      return new Pdf(library, file, loading, thread);
    } catch (error) {
      end(loading, thread);
      throw new PdfFault(faultOf(error));
    }
  }

  get pages(): number {
    return this.file.numPages;
  }

  /**
   * Draw a page as wide as there is room.
   *
   * @param zoom 1 fills the width.
   * @throws PdfFault
   */
  async draw(number: number, width: number, zoom: number): Promise<Drawn> {
    this.#task?.cancel();
    try {
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
    } catch (error) {
      if (error instanceof this.library.RenderingCancelledException) throw error;
      throw new PdfFault(faultOf(error));
    }
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

  /** Return the words of a page. */
  async words(number: number): Promise<string> {
    const page = await this.file.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return items.map((item) => ("str" in item ? item.str : "")).join("");
  }

  /** Let the file go. */
  close(): void {
    this.#task?.cancel();
    end(this.loading, this.thread);
  }
}

function end(loading: Pdfjs.PDFDocumentLoadingTask, thread: Worker): void {
  // a file may keep its worker busy for ever: it is not waited for
  void loading.destroy().catch(() => undefined);
  thread.terminate();
}

function faultOf(error: unknown): Fault {
  const name = error instanceof Error ? error.name : "";
  if (name === "PasswordException") return "encrypted";
  return name === "InvalidPDFException" ? "no_pdf" : "unreadable";
}
