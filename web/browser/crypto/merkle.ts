/**
 * The Merkle tree of RFC 6962: leaf and node hashes, and the checking of proofs; it keeps no tree.
 */

import { isSame, join, type Bytes } from "./bytes.ts";
import { sha256 } from "./hashing.ts";
import { must } from "./invalid.ts";

/** Return the hash of a leaf's data. */
export function leafHash(data: Uint8Array): Bytes {
  return sha256(join(Uint8Array.of(0), data));
}

/** Return the hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(join(Uint8Array.of(1), left, right));
}

/** A growing list of leaves of which only the complete subtrees' hashes are kept. */
export class RootStack {
  private readonly subtrees: Bytes[] = [];
  private count = 0;

  /** Add one leaf hash. */
  push(leaf: Bytes): void {
    let node = leaf;
    for (let n = this.count; n % 2 === 1; n = Math.floor(n / 2)) {
      const left = this.subtrees.pop();
      must(left !== undefined, "merkle.stack");
      node = nodeHash(left, node);
    }
    this.subtrees.push(node);
    this.count += 1;
  }

  /** Return the tree hash of all leaves so far. */
  root(): Bytes {
    const last = this.subtrees.at(-1);
    if (last === undefined) return sha256(new Uint8Array(0));
    return this.subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
  }
}

/**
 * Check that the leaf `leaf` is number `index` (from 0) of the tree of `size` leaves under `root`.
 *
 * Source: RFC 9162 section 2.1.3.2.
 */
export function checkInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): void {
  must(Number.isSafeInteger(index) && Number.isSafeInteger(size), "merkle.range");
  must(index >= 0 && index < size, "merkle.range");
  let [node, last, hash]: [number, number, Uint8Array] = [index, size - 1, leaf];
  for (const sibling of proof) {
    must(sibling.length === 32 && last > 0, "merkle.proof_length");
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  must(last === 0, "merkle.proof_length");
  must(isSame(hash, root), "merkle.inclusion");
}

/**
 * Check that the tree of `size` leaves under `root` begins with the one of `oldSize` under `oldRoot`.
 *
 * Source: RFC 9162 section 2.1.4.2.
 */
export function checkConsistency(
  oldSize: number,
  oldRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): void {
  must(Number.isSafeInteger(oldSize) && Number.isSafeInteger(size), "merkle.range");
  must(oldSize >= 0 && oldSize <= size, "merkle.range");
  if (oldSize === size || oldSize === 0) {
    must(proof.length === 0, "merkle.proof_length");
    must(oldSize === 0 || isSame(oldRoot, root), "merkle.consistency");
    must(oldSize !== 0 || isSame(oldRoot, sha256(new Uint8Array(0))), "merkle.consistency");
    return;
  }
  const [oldHash, hash] = climb(oldSize, oldRoot, size, proof);
  must(isSame(oldHash, oldRoot) && isSame(hash, root), "merkle.consistency");
}

function climb(
  oldSize: number,
  oldRoot: Uint8Array,
  size: number,
  proof: readonly Uint8Array[],
): [Uint8Array, Uint8Array] {
  const isPower = Number.isInteger(Math.log2(oldSize));
  const [first, ...rest] = isPower ? [oldRoot, ...proof] : proof;
  must(first !== undefined, "merkle.proof_length");
  let [node, last] = [oldSize - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [oldHash, hash] = [first, first];
  for (const sibling of rest) {
    must(sibling.length === 32 && last > 0, "merkle.proof_length");
    if (node % 2 === 1 || node === last) {
      [oldHash, hash] = [nodeHash(sibling, oldHash), nodeHash(sibling, hash)];
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  must(last === 0, "merkle.proof_length");
  return [oldHash, hash];
}

function half(value: number): number {
  return Math.floor(value / 2);
}
