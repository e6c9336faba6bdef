"""The demo: its shop, and the whole story on a real local cloud."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from rich.text import Text

from steploom.demo.shop import REFUSED_CARD, UNKNOWN_TOWN, Shop
from steploom.demo.shop_server import serving
from steploom.demo.story import Demo, order

WORKFLOW = Path(__file__).parents[2] / "workflows" / "order-fulfilment.yaml"


def test_a_repeated_key_is_answered_and_not_done_again() -> None:
    shop = Shop()
    payment = {"order": "A-1", "card": "4242", "amount": 1000}
    answers = [shop.answer("POST", "/payments", {}, payment, "run/charge") for _ in range(2)]
    assert answers == [(201, {"id": "pay-A-1", "amount": 1000})] * 2
    assert [entry.what for entry in shop.ledger] == ["charged 10.00 euro for A-1"]
    assert shop.repeats == 1


def test_a_refused_card_is_not_charged() -> None:
    shop = Shop()
    payment = {"order": "A-1", "card": REFUSED_CARD, "amount": 1000}
    assert shop.answer("POST", "/payments", {}, payment, None)[0] == 402
    assert shop.ledger == []


def test_the_carrier_is_busy_at_first_and_does_not_go_everywhere() -> None:
    shop = Shop()
    parcel = {"order": "A-1", "address": "Via Roma 1"}
    assert [shop.answer("POST", "/parcels", {}, parcel, None)[0] for _ in range(2)] == [503, 201]
    nowhere = {"order": "A-2", "address": UNKNOWN_TOWN}
    assert [shop.answer("POST", "/parcels", {}, nowhere, None)[0] for _ in range(2)] == [503, 422]


def test_the_shop_answers_over_http_what_it_does_not_understand() -> None:
    with serving(Shop()) as url:
        assert requests.get(f"{url}/nothing", timeout=5).status_code == 404
        assert requests.post(f"{url}/payments", data=b"{", timeout=5).status_code == 400
        assert requests.post(f"{url}/payments", json={}, timeout=5).status_code == 400
        assert requests.get(f"{url}/customers/risk?email=a@b.c", timeout=5).json()["email"] == "a@b.c"


@pytest.mark.slow
def test_the_story_ends_with_one_order_shipped_and_one_paid_back(tmp_path: Path) -> None:
    told: list[str] = []

    def tell(line: str | Text) -> None:
        told.append(line.plain if isinstance(line, Text) else line)

    assert Demo(WORKFLOW, tmp_path / "data", tell).run()
    story = "\n".join(told)
    assert "order A-1001 is shipped" in story
    assert "order A-1002 is refunded" in story
    assert re.search(r"✓ ship +Book the parcel +succeeded .* 1 retry", story)
    assert re.search(r"✗ ship +Book the parcel +failed .* answered 422", story)
    assert "refunded 104.00 euro of pay-A-1002" in story


def test_an_order_has_everything_that_the_workflow_reads() -> None:
    assert set(order("A-1", "x")) == {"id", "card", "customer", "items"}
