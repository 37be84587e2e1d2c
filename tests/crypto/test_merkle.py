import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import merkle
from crypto.merkle import Node, ProofInvalid

# The leaves and roots that Certificate Transparency implementations share.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]

many_leaves = st.integers(1, 70)


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4)) for number in range(count)]


def tree(count: int) -> dict[Node, bytes]:
    return merkle.append({}, 0, hashes(count))


def naive_root(leaf_hashes: list[bytes]) -> bytes:
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    cut = 1
    while cut * 2 < len(leaf_hashes):
        cut *= 2
    return merkle.node_hash(naive_root(leaf_hashes[:cut]), naive_root(leaf_hashes[cut:]))


@pytest.mark.parametrize("size", range(9))
def test_known_roots_come_out(size: int) -> None:
    assert merkle.root(HASHES[:size]).hex() == ROOTS[size]
    assert merkle.tree_root(merkle.append({}, 0, HASHES), size).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "expected"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_known_inclusion_proofs_come_out(index: int, size: int, expected: list[str]) -> None:
    nodes = merkle.append({}, 0, HASHES)
    proof = merkle.inclusion_proof(nodes, index, size)
    assert [step.hex() for step in proof] == expected
    merkle.verify_inclusion(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_known_consistency_proofs_come_out(old: int, new: int, expected: list[str]) -> None:
    proof = merkle.consistency_proof(merkle.append({}, 0, HASHES), old, new)
    assert [step.hex() for step in proof] == expected
    roots = [bytes.fromhex(ROOTS[size]) for size in (old, new)]
    merkle.verify_consistency(old, roots[0], new, roots[1], proof)


@given(many_leaves)
def test_the_root_is_the_one_the_definition_gives(count: int) -> None:
    assert merkle.root(hashes(count)) == naive_root(hashes(count))


@given(st.lists(st.integers(0, 9), max_size=12))
def test_appending_in_batches_reads_only_the_frontier(batches: list[int]) -> None:
    stored: dict[Node, bytes] = {}
    size = 0
    for batch in batches:
        known = {node: stored[node] for node in merkle.frontier(size)}
        stored |= merkle.append(known, size, hashes(size + batch)[size:])
        size += batch
    assert stored == tree(size)
    assert merkle.tree_root(stored, size) == merkle.root(hashes(size))


@given(many_leaves.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_an_inclusion_proof_from_the_nodes_it_needs_verifies(place: tuple[int, int]) -> None:
    index, size = place
    nodes = tree(75)
    known = {node: nodes[node] for node in merkle.inclusion_needs(index, size)}
    proof = merkle.inclusion_proof(known, index, size)
    root = merkle.root(hashes(size))
    merkle.verify_inclusion(hashes(size)[index], index, size, proof, root)
    for wrong in (index + 1, index - 1):
        with pytest.raises(ProofInvalid):
            merkle.verify_inclusion(hashes(size)[index], wrong, size, proof, root)


@given(many_leaves.flatmap(lambda new: st.tuples(st.integers(0, new), st.just(new))))
def test_a_consistency_proof_from_the_nodes_it_needs_verifies(sizes: tuple[int, int]) -> None:
    old, new = sizes
    nodes = tree(75)
    known = {node: nodes[node] for node in merkle.consistency_needs(old, new)}
    proof = merkle.consistency_proof(known, old, new)
    merkle.verify_consistency(old, merkle.root(hashes(old)), new, merkle.root(hashes(new)), proof)


@given(
    many_leaves.flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))),
    st.data(),
)
def test_a_consistency_proof_with_any_change_fails(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    old, new = sizes
    proof = list(merkle.consistency_proof(tree(new), old, new))
    roots = [merkle.root(hashes(old)), merkle.root(hashes(new))]
    target = data.draw(st.integers(-2, len(proof) - 1))
    touched = roots if target < 0 else proof
    touched[target] = bytes([touched[target][0] ^ 1]) + touched[target][1:]
    with pytest.raises(ProofInvalid):
        merkle.verify_consistency(old, roots[0], new, roots[1], proof)


@given(many_leaves.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_a_proof_too_long_or_too_short_fails(place: tuple[int, int]) -> None:
    index, size = place
    leaves = hashes(size)
    proof = merkle.inclusion_proof(tree(size), index, size)
    root = merkle.root(leaves)
    for wrong in ((*proof, root), proof[:-1]):
        if wrong != proof:
            with pytest.raises(ProofInvalid):
                merkle.verify_inclusion(leaves[index], index, size, wrong, root)
    grown = merkle.consistency_proof(tree(size + 1), size, size + 1)
    now = merkle.root(hashes(size + 1))
    for changed in ((*grown, root), grown[:-1]):
        with pytest.raises(ProofInvalid):
            merkle.verify_consistency(size, root, size + 1, now, changed)


def test_a_step_that_is_no_hash_fails() -> None:
    proof = merkle.inclusion_proof(tree(2), 0, 2)
    with pytest.raises(ProofInvalid, match="not a hash"):
        merkle.verify_inclusion(hashes(2)[0], 0, 2, [proof[0][:31]], merkle.root(hashes(2)))


def test_an_empty_tree_has_only_the_empty_root() -> None:
    merkle.verify_consistency(0, merkle.empty_root(), 0, merkle.empty_root(), ())
    with pytest.raises(ProofInvalid):
        merkle.verify_consistency(0, merkle.empty_root(), 0, hashes(1)[0], ())
    with pytest.raises(ProofInvalid):
        merkle.verify_consistency(0, hashes(1)[0], 3, merkle.root(hashes(3)), ())


def test_a_shrinking_tree_fails() -> None:
    with pytest.raises(ProofInvalid, match="shrank"):
        merkle.verify_consistency(3, merkle.root(hashes(3)), 2, merkle.root(hashes(2)), ())
    with pytest.raises(ValueError, match="shrinks"):
        merkle.consistency_proof(tree(3), 3, 2)


@pytest.mark.parametrize("index", [-1, 3])
def test_an_index_outside_the_tree_fails(index: int) -> None:
    with pytest.raises(ProofInvalid, match="outside"):
        merkle.verify_inclusion(hashes(3)[0], index, 3, (), merkle.root(hashes(3)))
    with pytest.raises(ValueError, match="outside"):
        merkle.inclusion_proof(tree(3), index, 3)
