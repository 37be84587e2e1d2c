/**
 * What the measured page does: the product's worker seals a file, and a worker of our own takes as
 * many bytes through AES-GCM in 16 KiB and SHA-256 over 1 MiB, which is all that cannot be saved.
 */

const BOUND = `
onmessage = async ({ data: size }) => {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const piece = new Uint8Array(1 << 20);
  const begun = performance.now();
  for (let at = 0; at < size; at += piece.length) {
    const chunks = Array.from({ length: 64 }, (_, i) => {
      const iv = new Uint8Array(12);
      new DataView(iv.buffer).setUint32(8, at / 16384 + i);
      return crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, piece.subarray(i << 14, (i + 1) << 14));
    });
    await Promise.all(chunks);
    await crypto.subtle.digest("SHA-256", piece);
  }
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
    const worker = new Worker(address, { type: "module" });
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
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("bids");
      await folder.removeEntry(bid);
      resolve({ took, ended, longest });
    };
    worker.postMessage({ kind: "seal", order, files: [{ name: "file", file }] });
  });
