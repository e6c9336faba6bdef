"""State machines, versions, aliases and tags over boto3."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from .conftest import CloudProcess, wait_for
from .machines import ROLE, create, ended, returning, unique


def _refused(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return str(caught.value.response["Error"]["Code"])


def test_a_machine_is_described_as_it_was_created(cloud: CloudProcess) -> None:
    name = unique("described")
    arn = create(cloud.states, returning(1), name)
    assert arn == f"arn:aws:states:us-east-1:000000000000:stateMachine:{name}"
    found = cloud.states.describe_state_machine(stateMachineArn=arn)
    assert (found["name"], found["status"], found["type"], found["roleArn"]) == (
        name,
        "ACTIVE",
        "STANDARD",
        ROLE,
    )
    assert found["definition"] == returning(1)
    assert arn in {
        machine["stateMachineArn"] for machine in cloud.states.list_state_machines()["stateMachines"]
    }


def test_creating_the_same_machine_again_gives_the_same_and_another_definition_is_refused(
    cloud: CloudProcess,
) -> None:
    name = unique("again")
    assert create(cloud.states, returning(1), name) == create(cloud.states, returning(1), name)
    assert _refused(lambda: create(cloud.states, returning(2), name)) == "StateMachineAlreadyExists"


@pytest.mark.parametrize(
    "definition",
    [
        "{",
        "[]",
        json.dumps({"StartAt": "A", "States": {}}),
        json.dumps(
            {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}}
        ),
    ],
)
def test_an_invalid_definition_is_refused_and_nothing_is_kept(cloud: CloudProcess, definition: str) -> None:
    name = unique("invalid")
    assert _refused(lambda: create(cloud.states, definition, name)) == "InvalidDefinition"
    names = {machine["name"] for machine in cloud.states.list_state_machines()["stateMachines"]}
    assert name not in names
    assert cloud.states.validate_state_machine_definition(definition=definition)["result"] == "FAIL"


def test_a_valid_definition_is_said_to_be_valid(cloud: CloudProcess) -> None:
    answer = cloud.states.validate_state_machine_definition(definition=returning(1))
    assert (answer["result"], answer["diagnostics"]) == ("OK", [])


def test_names_roles_and_arns_that_do_not_fit_are_refused(cloud: CloudProcess) -> None:
    states, definition = cloud.states, returning(1)
    assert _refused(lambda: create(states, definition, "with space")) == "InvalidName"
    assert (
        _refused(lambda: states.create_state_machine(name="x", definition=definition, roleArn="role"))
        == "InvalidArn"
    )
    assert _refused(lambda: states.describe_state_machine(stateMachineArn="nonsense")) == "InvalidArn"
    missing = "arn:aws:states:us-east-1:000000000000:stateMachine:missing"
    assert (
        _refused(lambda: states.describe_state_machine(stateMachineArn=missing)) == "StateMachineDoesNotExist"
    )
    assert _refused(lambda: states.start_execution(stateMachineArn=missing)) == "StateMachineDoesNotExist"
    assert _refused(lambda: states.list_executions(stateMachineArn=missing)) == "StateMachineDoesNotExist"


def test_an_operation_that_is_not_there_is_refused_by_name(cloud: CloudProcess) -> None:
    headers = {"X-Amz-Target": "AWSStepFunctions.InventActivity"}
    answered = requests.post(cloud.aws, b"{}", headers=headers, timeout=30)
    assert (answered.status_code, answered.json()["__type"]) == (400, "UnknownOperationException")


def test_an_update_without_anything_to_change_is_refused(cloud: CloudProcess) -> None:
    arn = create(cloud.states, returning(1))
    assert (
        _refused(lambda: cloud.states.update_state_machine(stateMachineArn=arn)) == "MissingRequiredParameter"
    )


def test_a_revision_is_published_once_and_an_update_makes_another_version(cloud: CloudProcess) -> None:
    states, arn = cloud.states, create(cloud.states, returning(1))
    first = states.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    assert states.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"] == first
    assert first == f"{arn}:1"
    updated = states.update_state_machine(stateMachineArn=arn, definition=returning(2), publish=True)
    assert updated["stateMachineVersionArn"] == f"{arn}:2"
    assert updated["revisionId"] == states.describe_state_machine(stateMachineArn=arn)["revisionId"]
    versions = states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in versions] == [f"{arn}:2", f"{arn}:1"]
    assert states.describe_state_machine(stateMachineArn=first)["definition"] == returning(1)


def test_publishing_a_revision_that_is_not_the_current_one_is_a_conflict(cloud: CloudProcess) -> None:
    arn = create(cloud.states, returning(1))
    code = _refused(lambda: cloud.states.publish_state_machine_version(stateMachineArn=arn, revisionId="old"))
    assert code == "ConflictException"


def _two_versions(cloud: CloudProcess) -> str:
    arn = create(cloud.states, returning("one"))
    cloud.states.publish_state_machine_version(stateMachineArn=arn)
    cloud.states.update_state_machine(stateMachineArn=arn, definition=returning("two"), publish=True)
    return arn


def _output(cloud: CloudProcess, arn: str) -> Any:
    execution = cloud.states.start_execution(stateMachineArn=arn)["executionArn"]
    description = wait_for(lambda: ended(cloud.states, execution))
    return json.loads(description["output"])


def test_an_execution_runs_the_version_that_the_alias_routes_to(cloud: CloudProcess) -> None:
    states, arn = cloud.states, _two_versions(cloud)
    alias = states.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": f"{arn}:1", "weight": 100}]
    )["stateMachineAliasArn"]
    assert alias == f"{arn}:live"
    assert _output(cloud, alias) == "one"
    states.update_state_machine_alias(
        stateMachineAliasArn=alias,
        routingConfiguration=[{"stateMachineVersionArn": f"{arn}:2", "weight": 100}],
    )
    assert _output(cloud, alias) == "two"
    assert _output(cloud, f"{arn}:1") == "one"
    described = states.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert described["routingConfiguration"] == [{"stateMachineVersionArn": f"{arn}:2", "weight": 100}]
    listed = states.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"]
    assert [item["stateMachineAliasArn"] for item in listed] == [alias]


def test_an_execution_started_by_an_alias_says_by_which(cloud: CloudProcess) -> None:
    states, arn = cloud.states, _two_versions(cloud)
    routes = [{"stateMachineVersionArn": f"{arn}:2", "weight": 100}]
    states.create_state_machine_alias(name="live", routingConfiguration=routes)  # type: ignore[arg-type]
    execution = states.start_execution(stateMachineArn=f"{arn}:live")["executionArn"]
    described = states.describe_execution(executionArn=execution)
    assert described["stateMachineArn"] == arn
    assert described["stateMachineAliasArn"] == f"{arn}:live"
    assert described["stateMachineVersionArn"] == f"{arn}:2"
    by_alias = states.list_executions(stateMachineArn=f"{arn}:live")["executions"]
    assert [item["executionArn"] for item in by_alias] == [execution]
    assert states.list_executions(stateMachineArn=f"{arn}:1")["executions"] == []


def test_a_routing_configuration_that_does_not_add_up_is_refused(cloud: CloudProcess) -> None:
    states, arn = cloud.states, _two_versions(cloud)
    routes = [{"stateMachineVersionArn": f"{arn}:{number}", "weight": 60} for number in (1, 2)]

    def attempt() -> None:
        states.create_state_machine_alias(name="half", routingConfiguration=routes)  # type: ignore[arg-type]

    assert _refused(attempt) == "ValidationException"
    assert states.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"] == []


def test_a_version_that_an_alias_routes_to_is_not_deleted(cloud: CloudProcess) -> None:
    states, arn = cloud.states, _two_versions(cloud)
    routes = [{"stateMachineVersionArn": f"{arn}:1", "weight": 100}]
    states.create_state_machine_alias(name="live", routingConfiguration=routes)  # type: ignore[arg-type]
    assert (
        _refused(lambda: states.delete_state_machine_version(stateMachineVersionArn=f"{arn}:1"))
        == "ConflictException"
    )
    states.delete_state_machine_alias(stateMachineAliasArn=f"{arn}:live")
    states.delete_state_machine_version(stateMachineVersionArn=f"{arn}:1")
    assert len(states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]) == 1


def test_an_alias_that_is_not_there_is_refused(cloud: CloudProcess) -> None:
    states, arn = cloud.states, create(cloud.states, returning(1))
    assert (
        _refused(lambda: states.describe_state_machine_alias(stateMachineAliasArn=f"{arn}:live"))
        == "ResourceNotFound"
    )
    assert (
        _refused(lambda: states.start_execution(stateMachineArn=f"{arn}:live")) == "StateMachineDoesNotExist"
    )


def test_tags_are_added_listed_and_removed(cloud: CloudProcess) -> None:
    states, arn = cloud.states, create(cloud.states, returning(1))
    states.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    states.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert states.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]


def test_a_deleted_machine_is_gone(cloud: CloudProcess) -> None:
    arn = create(cloud.states, returning(1))
    cloud.states.delete_state_machine(stateMachineArn=arn)
    code = _refused(lambda: cloud.states.describe_state_machine(stateMachineArn=arn))
    assert code == "StateMachineDoesNotExist"
