/** The program that reads PDF files, in a thread of its own; it knows nothing of the page. */

import "pdfjs-dist/legacy/build/pdf.worker.mjs";
