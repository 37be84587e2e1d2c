/**
 * What the measured page does: the product's workers seal a file, and a worker of our own takes as
 * many bytes through AES-GCM in 16 KiB and SHA-256 over 1 MiB, as many at a time as the product
 * does; it reads nothing, keeps nothing and hashes no file.
 */

const BOUND = `
const [PIECE, CHUNK, TOGETHER] = [1 << 20, 1 << 14, 3];
onmessage = async ({ data: size }) => {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const piece = new Uint8Array(PIECE);
  const begun = performance.now();
  let at = 0;
  const lane = async () => {
    while (at < size) {
      const first = at / CHUNK;
      at += PIECE;
      const chunks = Array.from({ length: PIECE / CHUNK }, (_, i) => {
        const iv = new Uint8Array(12);
        new DataView(iv.buffer).setUint32(8, first + i);
        return crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, piece.subarray(i * CHUNK, (i + 1) * CHUNK));
      });
      await Promise.all(chunks);
      await crypto.subtle.digest("SHA-256", piece);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, lane));
  postMessage(performance.now() - begun);
};`;

/** The generator of P-256: a key that anybody may seal to. */
const PK =
  "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
  "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

window.bound = (size) =>
  new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob([BOUND])));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.postMessage(size);
  });

let run;

/** Begin to seal the chosen file. */
window.begin = (address) => {
  const [file] = document.querySelector("input").files;
  const bid = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const order = {
    project: "9".repeat(32),
    section: "s1",
    envelope: 1,
    pk: PK,
    keyId: "0".repeat(64),
    bidder: "1".repeat(32),
    bid,
    revision: 1,
    created: 0,
    form: "{}",
  };
  const workers = [0, 1].map(() => new Worker(address, { type: "module" }));
  const line = new MessageChannel();
  const [sealed, opened] = [Promise.withResolvers(), Promise.withResolvers()];
  run = { sealed: sealed.promise, opened: opened.promise, workers, bid, longest: 0 };
  run.watch = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) run.longest = Math.max(run.longest, duration);
  });
  run.watch.observe({ type: "longtask" });
  const begun = performance.now();
  const passed = () => performance.now() - begun;
  const [worker, reader] = workers;
  worker.onmessage = ({ data }) => {
    if (data.kind === "progress" && data.phase === "seal" && data.done === data.total) {
      sealed.resolve(passed());
    }
    if (data.kind === "failed") {
      for (const one of [sealed, opened]) one.reject(new Error(`${data.code} ${data.about}`));
    }
    if (data.kind === "sealed") opened.resolve(passed());
  };
  reader.postMessage({ kind: "read", port: line.port1 }, [line.port1]);
  const files = [{ name: "file", file }];
  worker.postMessage({ kind: "seal", order, files, port: line.port2 }, [line.port2]);
};

/** How long it took until all was sealed, ms. */
window.sealed = () => run.sealed;

/** How long it took until it was opened again too, ms, and the longest the page stood still. */
window.opened = async () => {
  const took = await run.opened;
  run.watch.disconnect();
  for (const worker of run.workers) worker.terminate();
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("bids");
  await folder.removeEntry(run.bid);
  return { took, longest: run.longest };
};
