"""Pictures: layers, places, Mermaid and SVG."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steploom.drawing.diagram import Arrow, Box, Diagram
from steploom.drawing.labels import label_places
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


LATE = "{% $boolean($states.context.Execution.Input.trigger.body.late) = true %}"
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
        "Which?": {"Type": "Choice", "Choices": [{"Condition": LATE, "Next": "Stop"}], "Default": "Good"},
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
        ("Which?", "Stop", "$trigger.body.late", "plain"),
        ("Which?", "Good", "otherwise", "plain"),
    ]
    layout = lay_out(drawn)
    inner = layout.boxes[0].inner
    assert all(x + one.width <= layout.boxes[0].width for x, _, one in inner)
    assert all(y + one.height <= layout.boxes[0].height for _, y, one in inner)
    assert "subgraph n1b2" in draw_mermaid(drawn)


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        ({"Condition": "{% $ask.status = 200 %}"}, "$ask.status = 200"),
        ({"Condition": "{% $kind__refund__to__pay_back__1 %}"}, "kind (refund)"),
        ({"Condition": "{% $read_it__to__note or $ask__error0__to__note %}"}, "read_it or ask (error)"),
        ({"Condition": "{% ($asked__1 or $is_late__12.now) %}"}, "$asked or $is_late.now"),
        ({"Condition": '{% ($a) = "x" %}', "Comment": "large"}, "large"),
        ({"Condition": "{% $boolean($a) = true or $boolean($b) = true %}"}, "$a or $b"),
        (
            {"Condition": "{% $boolean($contains($trim($read.text), 'x')) = true %}"},
            "$contains($trim($read.text)…",
        ),
    ],
)
def test_the_arrow_of_a_rule_says_what_is_asked_for(rule: dict[str, str], label: str) -> None:
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "A"}], "Default": "B"}
    machine = {"StartAt": "C", "States": {"C": choice, "A": {"Type": "Succeed"}}}
    assert diagram_of_machine(machine, "m").arrows[0].label == label


def test_mermaid_draws_one_box_around_a_body_and_branches_without_a_title() -> None:
    body = Diagram((Box("a", "A"),), ())
    one = draw_mermaid(Diagram((Box("b", "Body", inner=(body,)),), ()))
    assert one.splitlines() == ["flowchart TD", '  subgraph n1["Body"]', '    n1n1["A"]', "  end"]
    assert draw_mermaid(Diagram((Box("b", "Both", inner=(body, body)),), ())).count('[" "]') == 2


def test_arrows_from_one_state_to_the_same_one_are_one() -> None:
    rules = [{"Condition": "{% $a %}", "Next": "A", "Comment": port} for port in ("large", "small")]
    choice = {"Type": "Choice", "Choices": rules, "Default": "A"}
    machine = {"StartAt": "C", "States": {"C": choice, "A": {"Type": "Succeed"}}}
    (arrow,) = diagram_of_machine(machine, "m").arrows
    assert arrow.label == "large, small, otherwise"


@given(graphs)
@settings(max_examples=60, deadline=None)
def test_two_labels_stand_on_one_another_only_where_there_is_no_place(ends: list[tuple[int, int]]) -> None:
    drawn = diagram(*(f"{a}-{b}" for a, b in dict.fromkeys(ends)))
    named = Diagram(drawn.boxes, tuple(replace(arrow, label="yes") for arrow in drawn.arrows))
    arrows = [arrow for arrow in lay_out(named).arrows if arrow.arrow.label]
    places = label_places(arrows)
    assert len(places) == len(arrows)
    best = [label_places([arrow])[0] for arrow in arrows]
    assert collisions(places) <= collisions(best)


def collisions(places: list[tuple[float, float]]) -> int:
    """How many pairs of three letters overlap."""
    pairs = itertools.combinations(places, 2)
    return sum(abs(one[0] - other[0]) < 18 and abs(one[1] - other[1]) < 12 for one, other in pairs)
