/** The Merkle tree: roots of RFC 6962's test data, and proofs checked over every small tree. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, unhex, type Bytes } from "../../web/browser/crypto/bytes.ts";
import {
  checkConsistency,
  checkInclusion,
  leafHash,
  nodeHash,
  RootStack,
} from "../../web/browser/crypto/merkle.ts";

const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((data) => leafHash(unhex(data)));
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

test("the roots are the ones of the published test data", () => {
  const stack = new RootStack();
  assert.equal(hex(stack.root()), ROOTS[0]);
  for (const [i, leaf] of LEAVES.entries()) {
    stack.push(leaf);
    assert.equal(hex(stack.root()), ROOTS[i + 1]);
  }
});

test("every inclusion proof of every small tree holds for its leaf and place alone", () => {
  for (let size = 1; size <= 8; size += 1) {
    const leaves = LEAVES.slice(0, size);
    for (const [index, leaf] of leaves.entries()) {
      const proof = inclusion(index, leaves);
      checkInclusion(leaf, index, size, proof, rootOf(leaves));
      refused(() => checkInclusion(leafHash(unhex("ff")), index, size, proof, rootOf(leaves)));
      refused(() => checkInclusion(leaf, size, size, proof, rootOf(leaves)));
      refused(() => checkInclusion(leaf, index, size, [...proof, leaf], rootOf(leaves)));
      if (size > 1) {
        refused(() => checkInclusion(leaf, (index + 1) % size, size, proof, rootOf(leaves)));
        refused(() => checkInclusion(leaf, index, size, proof.slice(1), rootOf(leaves)));
      }
    }
  }
});

test("every consistency proof of every small tree holds, and for no other root", () => {
  for (let size = 1; size <= 8; size += 1) {
    for (let old = 1; old <= size; old += 1) {
      const [oldRoot, root] = [rootOf(LEAVES.slice(0, old)), rootOf(LEAVES.slice(0, size))];
      const proof = consistency(old, LEAVES.slice(0, size), true);
      checkConsistency(old, oldRoot, size, root, proof);
      refused(() => checkConsistency(old, leafHash(oldRoot), size, root, proof));
      refused(() => checkConsistency(old, oldRoot, size, root, [...proof, root]));
      if (old < size) {
        refused(() => checkConsistency(old, oldRoot, size, leafHash(root), proof));
        refused(() => checkConsistency(old, oldRoot, size, root, proof.slice(1)));
      }
    }
  }
});

function refused(check: () => void): void {
  assert.throws(check, { name: "Invalid" });
}

/** The plain recursions of RFC 6962 section 2.1, against which the checks stand. */
function rootOf(leaves: readonly Bytes[]): Bytes {
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return first;
  const k = split(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

function inclusion(index: number, leaves: readonly Bytes[]): Bytes[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusion(index, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...inclusion(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}

function consistency(old: number, leaves: readonly Bytes[], isWhole: boolean): Bytes[] {
  if (old === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const k = split(leaves.length);
  return old <= k
    ? [...consistency(old, leaves.slice(0, k), isWhole), rootOf(leaves.slice(k))]
    : [...consistency(old - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))];
}

function split(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}
