"""Pictures: layers, places, Mermaid and SVG."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steploom.drawing.diagram import Arrow, Box, Diagram
from steploom.drawing.layers import layered
from steploom.drawing.layout import lay_out
from steploom.drawing.mermaid import draw_mermaid
from steploom.drawing.of_definition import diagram_of_definition
from steploom.drawing.of_machine import diagram_of_machine
from steploom.drawing.page import page_of
from steploom.drawing.svg import draw_svg
from translator.definition.reader import read_definition

WORKFLOWS = sorted((Path(__file__).parents[2] / "workflows").glob("*.yaml"))


def diagram(*arrows: str) -> Diagram:
    """A diagram of arrows written `a-b`."""
    ends = [tuple(arrow.split("-")) for arrow in arrows]
    ids = dict.fromkeys(end for pair in ends for end in pair)
    return Diagram(tuple(Box(id_, id_) for id_ in ids), tuple(Arrow(a, b) for a, b in ends))


def test_arrows_point_down_and_long_ones_have_a_bend_in_every_layer_they_pass() -> None:
    layers = layered(diagram("a-b", "b-c", "a-c"))
    assert layers.rows[0] == ("a",)
    assert layers.rows[2] == ("c",)
    assert layers.paths[2] == ("a", "2:1", "c")
    assert set(layers.rows[1]) == {"b", "2:1"}


def test_an_arrow_that_closes_a_cycle_is_drawn_upward() -> None:
    layers = layered(diagram("a-b", "b-c", "c-a"))
    assert layers.upward == {2}
    assert [row[0] for row in layers.rows] == ["a", "b", "c"]


def test_an_arrow_from_a_box_to_itself_moves_nothing() -> None:
    assert layered(diagram("a-a")).rows == (("a",),)


def test_arrows_that_cross_only_by_the_order_of_definition_are_uncrossed() -> None:
    boxes = tuple(Box(name, name) for name in ("a", "b", "x", "y"))
    layers = layered(Diagram(boxes, (Arrow("a", "y"), Arrow("b", "x"))))
    assert layers.rows == (("a", "b"), ("y", "x"))


graphs = st.integers(2, 9).flatmap(
    lambda size: st.lists(
        st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), min_size=1, max_size=16
    )
)


@given(graphs)
@settings(max_examples=60, deadline=None)
def test_no_box_lies_on_another_and_all_are_inside_the_picture(ends: list[tuple[int, int]]) -> None:
    layout = lay_out(diagram(*(f"{a}-{b}" for a, b in ends)))
    for number, box in enumerate(layout.boxes):
        assert box.x >= 0
        assert box.x + box.width <= layout.width + 0.01
        assert box.y + box.height <= layout.height + 0.01
        for other in layout.boxes[number + 1 :]:
            apart_across = box.x + box.width <= other.x or other.x + other.width <= box.x
            apart_down = box.y + box.height <= other.y or other.y + other.height <= box.y
            assert apart_across or apart_down


def test_the_same_diagram_gives_the_same_bytes() -> None:
    drawing = diagram("a-b", "a-c", "b-d", "c-d", "a-d")
    assert draw_svg([drawing], "x") == draw_svg([drawing], "x")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_node_and_edge_of_a_workflow_is_in_its_picture(file: Path) -> None:
    definition = read_definition(file.read_text()).definition
    picture = draw_svg([diagram_of_definition(definition)], definition.name)
    texts = {element.text for element in ElementTree.fromstring(picture).iter() if element.text}
    assert {f"{node.id} · {node.type}" for node in definition.nodes} <= texts
    arrows = picture.count("marker-end=")
    assert arrows == len(definition.edges) + len(definition.triggers)


def test_the_users_own_text_cannot_break_out_of_a_picture() -> None:
    rude = '</text><script>alert("1")</script>&'
    drawing = Diagram((Box("a", rude, rude), Box("b", rude)), (Arrow("a", "b", rude),), rude)
    page = page_of(draw_svg([drawing], rude), rude, rude)
    assert "<script" not in page
    assert ElementTree.fromstring(draw_svg([drawing], rude)) is not None
    assert "<script" not in draw_mermaid(drawing)
    assert 'alert("1")' not in draw_mermaid(drawing)


def test_mermaid_numbers_its_nodes_because_its_own_words_cannot_be_ids() -> None:
    text = draw_mermaid(
        Diagram((Box("end", "End"), Box("graph", "Graph")), (Arrow("end", "graph", "or", "error"),))
    )
    assert text.splitlines() == ["flowchart TD", '  n1["End"]', '  n2["Graph"]', '  n1 -.->|"or"| n2']


MACHINE = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "One", "States": {"One": {"Type": "Task", "Retry": [{}], "End": True}}},
                {"StartAt": "Two", "States": {"Two": {"Type": "Wait", "End": True}}},
            ],
            "Catch": [{"ErrorEquals": ["Network", "Timeout"], "Next": "Stop"}],
            "Next": "Which?",
        },
        "Which?": {"Type": "Choice", "Choices": [{"Next": "Stop"}], "Default": "Good"},
        "Good": {"Type": "Succeed"},
        "Stop": {"Type": "Fail"},
    },
}


def test_a_machine_is_drawn_with_its_branches_inside() -> None:
    drawn = diagram_of_machine(MACHINE, "m")
    both = drawn.boxes[0]
    assert [inner.boxes[0].title for inner in both.inner] == ["One", "Two"]
    assert both.inner[0].boxes[0].subtitle == "Task · retries · end"
    assert [(arrow.source, arrow.target, arrow.label, arrow.kind) for arrow in drawn.arrows] == [
        ("Both", "Which?", "", "plain"),
        ("Both", "Stop", "Network, …", "error"),
        ("Which?", "Stop", "if", "plain"),
        ("Which?", "Good", "else", "plain"),
    ]
    layout = lay_out(drawn)
    inner = layout.boxes[0].inner
    assert all(x + one.width <= layout.boxes[0].width for x, _, one in inner)
    assert all(y + one.height <= layout.boxes[0].height for _, y, one in inner)
    assert "subgraph n1b2" in draw_mermaid(drawn)
