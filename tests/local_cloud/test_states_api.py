"""A tour of the Step Functions API with boto3, written from the service's documentation.

Chapter by chapter it makes and changes state machines, publishes and routes to versions, runs executions
and reads what became of them, as any client of the service would; each call is held to what the API
reference says of it, or to an answer of the service that was recorded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from .conftest import CloudProcess
from .machines import ROLE, unique
from .tour import HELLO, client_of, definition, finished, refused
from .tour_executions import (
    a_history_is_read_page_by_page_both_ways_and_without_data,
    a_start_is_idempotent_while_it_runs_and_refuses_what_does_not_fit,
    an_activity_is_worked_at_by_its_token,
    an_express_machine_is_waited_for_and_one_state_is_tested_alone,
)

FEWEST_CALLS = 60
FEWEST_OPERATIONS = 30


@pytest.fixture(scope="module")
def calls() -> Counter[str]:
    """How often each operation was called in this module."""
    return Counter()


@pytest.fixture(scope="module")
def states(cloud: CloudProcess, calls: Counter[str]) -> Any:
    """An ordinary client whose calls are counted."""
    client = client_of(cloud)

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    client.meta.events.register("before-call.stepfunctions", count)
    return client


@pytest.fixture(scope="module")
def machine(states: Any) -> Iterator[str]:
    """The state machine of the tour."""
    made = states.create_state_machine(
        name=unique("tour"),
        definition=definition(Hello=HELLO),
        roleArn=ROLE,
        tags=[{"key": "team", "value": "shop"}],
    )
    assert isinstance(made["creationDate"], datetime)
    yield made["stateMachineArn"]
    states.delete_state_machine(stateMachineArn=made["stateMachineArn"])


def a_state_machine_is_described_listed_and_changed(states: Any, machine: str) -> None:
    described = states.describe_state_machine(stateMachineArn=machine)
    assert (described["type"], described["status"], described["roleArn"]) == ("STANDARD", "ACTIVE", ROLE)
    assert described["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
    assert described["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}
    assert "revisionId" not in described  # only a change makes a revision with a name
    pages = states.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})
    assert machine in [one["stateMachineArn"] for page in pages for one in page["stateMachines"]]
    again = states.create_state_machine(
        name=described["name"], definition=described["definition"], roleArn=ROLE
    )
    assert again["stateMachineArn"] == machine
    other = definition(Other=HELLO)
    code, _ = refused(states.create_state_machine, name=described["name"], definition=other, roleArn=ROLE)
    assert code == "StateMachineAlreadyExists"
    changed = states.update_state_machine(stateMachineArn=machine, roleArn=f"{ROLE}-2")
    same = states.update_state_machine(stateMachineArn=machine, roleArn=f"{ROLE}-2")
    assert same["revisionId"] == changed["revisionId"]
    assert states.describe_state_machine(stateMachineArn=machine)["revisionId"] == changed["revisionId"]
    hidden = states.describe_state_machine(stateMachineArn=machine, includedData="METADATA_ONLY")
    assert hidden["definition"] == "{}"
    assert refused(states.update_state_machine, stateMachineArn=machine)[0] == "MissingRequiredParameter"


def tags_are_set_listed_and_removed(states: Any, machine: str) -> None:
    states.tag_resource(resourceArn=machine, tags=[{"key": "stage", "value": "test"}])
    listed = states.list_tags_for_resource(resourceArn=machine)["tags"]
    assert listed == [{"key": "team", "value": "shop"}, {"key": "stage", "value": "test"}]
    states.untag_resource(resourceArn=machine, tagKeys=["team", "never there"])
    listed = states.list_tags_for_resource(resourceArn=machine)["tags"]
    assert listed == [{"key": "stage", "value": "test"}]
    many = [{"key": f"key-{number}", "value": ""} for number in range(50)]
    assert refused(states.tag_resource, resourceArn=machine, tags=many)[0] == "TooManyTags"
    code, message = refused(states.tag_resource, resourceArn=f"{machine}:1", tags=[])
    assert (code, message) == ("ResourceNotFound", f"Resource not found: '{machine}:1'")
    long = [{"key": "k" * 129, "value": "v"}]
    code, message = refused(states.tag_resource, resourceArn=machine, tags=long)
    assert code == "ValidationException"
    assert message.endswith("Member must have length less than or equal to 128")


def versions_are_published_once_each_and_deleted(states: Any, machine: str) -> None:
    first = states.publish_state_machine_version(stateMachineArn=machine, description="the first")
    again = states.publish_state_machine_version(stateMachineArn=machine)
    assert first["stateMachineVersionArn"] == again["stateMachineVersionArn"] == f"{machine}:1"
    described = states.describe_state_machine(stateMachineArn=f"{machine}:1")
    assert described["description"] == "the first"
    changed = definition(Hello={**HELLO, "Output": "second"})
    updated = states.update_state_machine(
        stateMachineArn=machine, definition=changed, publish=True, versionDescription="the second"
    )
    assert updated["stateMachineVersionArn"] == f"{machine}:2"
    listed = states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]
    assert [one["stateMachineVersionArn"] for one in listed] == [f"{machine}:2", f"{machine}:1"]
    old = described["revisionId"]
    code, message = refused(states.publish_state_machine_version, stateMachineArn=machine, revisionId=old)
    assert code == "ConflictException"
    assert message == (
        f"Failed to publish the State Machine version for revision {old}. "
        f"The current State Machine revision is {updated['revisionId']}."
    )
    lone = {"stateMachineArn": machine, "roleArn": ROLE, "versionDescription": "of nothing"}
    assert refused(states.update_state_machine, **lone) == (
        "ValidationException",
        "Version description can only be set when publish is true",
    )


def an_alias_routes_by_weight_and_keeps_its_versions(states: Any, machine: str) -> None:
    def routes(*weights: int) -> list[dict[str, Any]]:
        return [
            {"stateMachineVersionArn": f"{machine}:{number}", "weight": weight}
            for number, weight in enumerate(weights, 1)
        ]

    made = states.create_state_machine_alias(name="live", routingConfiguration=routes(100))
    alias = made["stateMachineAliasArn"]
    same = states.create_state_machine_alias(name="live", routingConfiguration=routes(100))
    assert same["creationDate"] == made["creationDate"]
    code, message = refused(
        states.create_state_machine_alias, name="live", routingConfiguration=routes(50, 50)
    )
    assert (code, message[:22]) == ("ConflictException", "Failed to create alias")
    states.update_state_machine_alias(
        stateMachineAliasArn=alias, description="both", routingConfiguration=routes(20, 80)
    )
    described = states.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert (described["description"], described["routingConfiguration"]) == ("both", routes(20, 80))
    [listed] = states.list_state_machine_aliases(stateMachineArn=f"{machine}:2")["stateMachineAliases"]
    assert listed["stateMachineAliasArn"] == alias
    code, message = refused(states.delete_state_machine_version, stateMachineVersionArn=f"{machine}:2")
    assert code == "ConflictException"
    assert message.endswith("Current list of aliases referencing this version: [live]")


def a_routing_that_does_not_add_up_is_refused(states: Any, machine: str) -> None:
    refusals = {
        (70, 29): "Sum of routing configuration weights must equal 100. Received: [70, 29]",
        (101,): "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed",
    }
    for weights, message in refusals.items():
        routing = [
            {"stateMachineVersionArn": f"{machine}:{number}", "weight": weight}
            for number, weight in enumerate(weights, 1)
        ]
        code, told = refused(states.create_state_machine_alias, name="odd", routingConfiguration=routing)
        assert code == "ValidationException"
        assert told.startswith(message)


def an_execution_of_an_alias_says_which_version_ran(states: Any, machine: str) -> None:
    started = states.start_execution(
        stateMachineArn=f"{machine}:live", name="by-alias", input='{"name": "you"}'
    )
    seen = finished(states, started["executionArn"])
    assert seen["status"] == "SUCCEEDED"
    assert seen["stateMachineAliasArn"] == f"{machine}:live"
    version = seen["stateMachineVersionArn"]
    assert json.loads(seen["output"]) == {f"{machine}:1": "hello you", f"{machine}:2": "second"}[version]
    used = states.describe_state_machine_for_execution(executionArn=started["executionArn"])
    assert json.loads(used["definition"])["StartAt"] == "Hello"
    assert used["loggingConfiguration"]["level"] == "OFF"
    bare = states.describe_execution(executionArn=started["executionArn"], includedData="METADATA_ONLY")
    assert "input" not in bare
    assert bare["outputDetails"] == {"included": False}
    listed = states.list_executions(stateMachineArn=f"{machine}:live", statusFilter="SUCCEEDED")
    assert [one["name"] for one in listed["executions"]] == ["by-alias"]
    assert refused(states.list_executions, stateMachineArn=f"{machine}:nobody")[0] == "ResourceNotFound"


def listings_refuse_pages_that_are_too_long(states: Any, _: str) -> None:
    code, message = refused(states.list_state_machines, maxResults=1001)
    assert code == "ValidationException"
    assert message == (
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 1000"
    )
    code, message = refused(states.list_activities, nextToken="x" * 1025)
    assert code == "ValidationException"
    assert message.endswith("Member must have length less than or equal to 1024")


def a_definition_is_validated_with_all_its_errors(states: Any, _: str) -> None:
    validate = states.validate_state_machine_definition
    assert validate(definition=definition(Hello=HELLO))["result"] == "OK"
    nothing = validate(definition="{}")
    assert nothing["diagnostics"] == [
        {
            "severity": "ERROR",
            "code": "SCHEMA_VALIDATION_FAILED",
            "message": "These fields are required: [States, StartAt]",
            "location": "/",
        }
    ]
    [told] = validate(definition="not a definition")["diagnostics"]
    assert told["code"] == "INVALID_JSON_DESCRIPTION"
    assert told["location"] == '[Source: (String)"not a definition"; line: 1, column: 4]'
    broken = definition(
        One={"Type": "Pass", "Next": "Two", "Colour": "red"},
        Two={"Type": "Wait", "Next": "Three"},
        Three={"Type": "Nap", "End": True},
    )
    found = validate(definition=broken)
    assert (found["result"], found["truncated"]) == ("FAIL", False)
    places = [one["location"].split("/")[2] for one in found["diagnostics"]]
    assert places == ["One", "Two", "Three"]
    static = definition(One={"Type": "Pass", "QueryLanguage": "JSONPath", "Result": "$.a", "End": True})
    static = static.replace('"QueryLanguage": "JSONata", ', "")
    assert validate(definition=static)["diagnostics"] == []
    warned = validate(definition=static, severity="WARNING")
    assert (warned["result"], warned["diagnostics"][0]["code"]) == ("OK", "PASS_RESULT_IS_STATIC")
    two = validate(definition=broken, maxResults=2)
    assert (len(two["diagnostics"]), two["truncated"]) == (2, True)


def the_alias_and_its_versions_go_in_order(states: Any, machine: str) -> None:
    alias = f"{machine}:live"
    states.delete_state_machine_alias(stateMachineAliasArn=alias)
    states.delete_state_machine_alias(stateMachineAliasArn=alias)
    assert refused(states.describe_state_machine_alias, stateMachineAliasArn=alias)[0] == "ResourceNotFound"
    for number in (2, 1, 1):
        states.delete_state_machine_version(stateMachineVersionArn=f"{machine}:{number}")
    assert states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"] == []
    refusal = refused(states.start_execution, stateMachineArn=f"{machine}:1")
    assert refusal == ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{machine}:1'")


CHAPTERS: tuple[Callable[[Any, str], None], ...] = (
    a_state_machine_is_described_listed_and_changed,
    tags_are_set_listed_and_removed,
    versions_are_published_once_each_and_deleted,
    an_alias_routes_by_weight_and_keeps_its_versions,
    a_routing_that_does_not_add_up_is_refused,
    an_execution_of_an_alias_says_which_version_ran,
    a_start_is_idempotent_while_it_runs_and_refuses_what_does_not_fit,
    a_history_is_read_page_by_page_both_ways_and_without_data,
    listings_refuse_pages_that_are_too_long,
    a_definition_is_validated_with_all_its_errors,
    an_activity_is_worked_at_by_its_token,
    an_express_machine_is_waited_for_and_one_state_is_tested_alone,
    the_alias_and_its_versions_go_in_order,
)


def test_a_tour_of_the_api_is_answered_as_the_service_documents_it(
    states: Any, machine: str, calls: Counter[str]
) -> None:
    for chapter in CHAPTERS:
        chapter(states, machine)
    assert sum(calls.values()) >= FEWEST_CALLS
    assert len(calls) >= FEWEST_OPERATIONS
