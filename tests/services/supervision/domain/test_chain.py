"""The chain: any change anywhere is found at its first place."""

from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain.chain import START, Head, Link, first_broken, link


def chain_of(payloads: list[bytes]) -> list[Link]:
    head, links = START, []
    for payload in payloads:
        entry = link(head, payload)
        links.append(entry)
        head = Head(entry.position, entry.hash)
    return links


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_a_chain_as_it_was_made_is_whole(payloads: list[bytes]) -> None:
    head, broken = first_broken(START, chain_of(payloads))

    assert broken is None
    assert head.position == len(payloads)


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=8), st.data())
def test_a_changed_entry_is_found_where_it_stands(payloads: list[bytes], data: st.DataObject) -> None:
    links = chain_of(payloads)
    place = data.draw(st.integers(0, len(links) - 1))
    links[place] = links[place]._replace(payload=links[place].payload + b"!")

    _, broken = first_broken(START, links)

    assert broken == place + 1


def test_a_forged_tail_does_not_fit_its_predecessor() -> None:
    first, _, third = chain_of([b"a", b"b", b"c"])
    forged = link(Head(first.position, first.hash), b"other")

    _, broken = first_broken(START, [first, forged, third])

    assert broken == 3
