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

/** Seal the chosen file; when each phase ended, ms, and the longest the page stood still. */
window.seal = (address) =>
  new Promise((resolve, reject) => {
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
    const [worker, reader] = [0, 1].map(() => new Worker(address, { type: "module" }));
    const line = new MessageChannel();
    const ended = {};
    let longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: "longtask" });
    const begun = performance.now();
    worker.onmessage = async ({ data }) => {
      if (data.kind === "progress") ended[data.phase] = performance.now() - begun;
      if (data.kind === "failed") reject(new Error(`${data.code} ${data.about}`));
      if (data.kind !== "sealed") return;
      const took = performance.now() - begun;
      worker.terminate();
      reader.terminate();
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("bids");
      await folder.removeEntry(bid);
      resolve({ took, ended, longest });
    };
    reader.postMessage({ kind: "read", port: line.port1 }, [line.port1]);
    const files = [{ name: "file", file }];
    worker.postMessage({ kind: "seal", order, files, port: line.port2 }, [line.port2]);
  });
