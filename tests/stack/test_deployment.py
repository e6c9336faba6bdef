"""What the template says that neither CloudFormation nor a linter would miss."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.stacks.workflow import NODE_TASKS
from infra.topology import Topology
from translator.checks.long_timeout import LONGEST_SECONDS
from translator.size_class import SIZE_CLASSES

pytestmark = [pytest.mark.validators, pytest.mark.slow]

Synthesised = Any
"""The conftest's own class: a test folder is not a package to import from."""


def get_att(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, "Arn"]}


def test_every_route_has_the_function_and_the_authorizer_that_the_topology_says(
    synthesised: Synthesised, parts: Topology
) -> None:
    integrations = synthesised.of_type("AWS::ApiGatewayV2::Integration")
    [authorizer] = synthesised.of_type("AWS::ApiGatewayV2::Authorizer")
    found = {}
    for route in synthesised.of_type("AWS::ApiGatewayV2::Route").values():
        integration = integrations[route["Target"]["Fn::Join"][1][1]["Ref"]]
        guarded = route["AuthorizationType"] == "CUSTOM" and route["AuthorizerId"] == {"Ref": authorizer}
        assert guarded or route["AuthorizationType"] == "NONE"
        found[route["RouteKey"]] = (integration["IntegrationUri"], guarded)
    assert found == {
        f"{route.method} {route.path}": (get_att(synthesised.function(route.function)[0]), route.authorized)
        for route in parts.routes
    }


def test_integrations_and_authorizer_speak_payload_format_2(synthesised: Synthesised) -> None:
    integrations = synthesised.of_type("AWS::ApiGatewayV2::Integration").values()
    assert {integration["PayloadFormatVersion"] for integration in integrations} == {"2.0"}
    [authorizer] = synthesised.of_type("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["AuthorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["EnableSimpleResponses"] is True
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]


def test_the_functions_of_a_role_trust_only_lambda(synthesised: Synthesised, parts: Topology) -> None:
    roles = synthesised.of_type("AWS::IAM::Role")
    for function in parts.functions:
        [statement] = roles[synthesised.role_of(function.name)]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_machine_role_trusts_only_machines_of_this_project_and_account(synthesised: Synthesised) -> None:
    roles = synthesised.of_type("AWS::IAM::Role")
    [role] = [name for name in roles if name.startswith("MachineRole")]
    [statement] = roles[role]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "states.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Join"][1][-1] == ":stateMachine:main-*"


def test_machines_may_invoke_node_task_run_one_another_and_keep_objects_and_logs_of_runs_only(
    synthesised: Synthesised,
) -> None:
    [role] = [name for name in synthesised.of_type("AWS::IAM::Role") if name.startswith("MachineRole")]
    invoke, start, follow, rule, keep, log = synthesised.statements(role)
    assert {action.partition(":")[0] for action in log["Action"]} == {"logs"}
    sizes = [get_att(synthesised.function(name)[0]) for name in NODE_TASKS]
    assert invoke["Action"] == ["lambda:InvokeFunction"]
    [bucket] = synthesised.of_type("AWS::S3::Bucket")
    assert set(keep["Action"]) == {
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    }
    assert keep["Resource"] == [{"Fn::Join": ["", [get_att(bucket), "/main/runs/*"]]}]
    invoked = [each for arn in sizes for each in (arn, {"Fn::Join": ["", [arn, ":*"]]})]
    assert sorted(invoke["Resource"], key=str) == sorted(invoked, key=str)
    endings = {
        tuple(each["Action"]): each["Resource"][0]["Fn::Join"][1][-1].lstrip(":")
        for each in (start, follow, rule)
    }
    assert endings == {
        ("states:StartExecution",): "stateMachine:main-*",
        ("states:DescribeExecution", "states:StopExecution"): "execution:main-*",
        ("events:DescribeRule", "events:PutRule", "events:PutTargets"): (
            "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
        ),
    }


def test_no_policy_has_a_wildcard_action_or_a_wildcard_resource(synthesised: Synthesised) -> None:
    for role, properties in synthesised.of_type("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in properties
        statements = synthesised.statements(role)
        assert statements
        for statement in statements:
            assert [action for action in statement["Action"] if "*" in action] == []
            # The actions of log delivery know no resources.
            if "logs:CreateLogDelivery" not in statement["Action"]:
                assert "*" not in statement["Resource"]


_RECEIVING = {
    f"sqs:{action}"
    for action in (
        *("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"),
        *("GetQueueAttributes", "GetQueueUrl"),
    )
}
"""What the service needs to hand the messages of a queue to a function."""


def test_every_function_may_do_what_its_grants_say_and_no_more(
    synthesised: Synthesised, parts: Topology
) -> None:
    logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
    for function in parts.functions:
        allowed = {
            action
            for statement in synthesised.statements(synthesised.role_of(function.name))
            for action in statement["Action"]
        }
        granted = {action for grant in function.grants for action in grant.actions}
        assert allowed - logs == granted | (_RECEIVING if function.sources else set())


def test_actions_on_executions_are_granted_on_executions(synthesised: Synthesised) -> None:
    for statement in synthesised.statements(synthesised.role_of("api")):
        if "states:StopExecution" in statement["Action"]:
            assert statement["Resource"][0]["Fn::Join"][1][-1] == ":execution:main-*"
            assert "states:StartExecution" not in statement["Action"]
            return
    pytest.fail("the api function may not stop executions")


def test_logs_of_the_projects_express_machines_may_call_the_recorder_and_no_other_logs(
    synthesised: Synthesised,
) -> None:
    recorder = get_att(synthesised.function("recorder")[0])
    permissions = synthesised.of_type("AWS::Lambda::Permission").values()
    [logs] = [one for one in permissions if one["Principal"] == "logs.amazonaws.com"]
    assert logs["FunctionName"] == recorder
    assert logs["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert logs["SourceArn"]["Fn::Join"][1][-1] == ":log-group:/aws/vendedlogs/states/main-*"
    assert (
        synthesised.function("activate")[1]["Environment"]["Variables"]["STEPLOOM_RECORDER_FUNCTION"]
        == recorder
    )
    statements = synthesised.statements(synthesised.role_of("activate"))
    [subscribing] = [one for one in statements if "logs:PutSubscriptionFilter" in one["Action"]]
    assert subscribing["Resource"] == [logs["SourceArn"]]


def test_the_machine_role_may_be_passed_to_step_functions_only(synthesised: Synthesised) -> None:
    statements = synthesised.statements(synthesised.role_of("activate"))
    [role] = [name for name in synthesised.of_type("AWS::IAM::Role") if name.startswith("MachineRole")]
    passed = [{"Fn::GetAtt": [role, "Arn"]}]
    [passing] = [one for one in statements if "iam:PassRole" in one["Action"] and one["Resource"] == passed]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}}


def test_every_function_gets_the_environment_of_the_topology_without_the_development_token(
    synthesised: Synthesised, parts: Topology
) -> None:
    for function in parts.functions:
        variables = synthesised.function(function.name)[1]["Environment"]["Variables"]
        assert set(variables) == set(function.environment) - {"STEPLOOM_DEVELOPMENT_TOKEN"}
        assert variables["STEPLOOM_PROJECT"] == "main"
        [table] = synthesised.of_type("AWS::DynamoDB::Table")
        assert variables["STEPLOOM_TABLE"] == {"Ref": table}
    activate = synthesised.function("activate")[1]["Environment"]["Variables"]
    assert activate["STEPLOOM_NODE_TASK_FUNCTION"] == get_att(synthesised.function("node_task")[0])


def test_the_functions_of_the_size_classes_are_one_code_with_more_and_more_memory(
    synthesised: Synthesised, parts: Topology
) -> None:
    made = [synthesised.function(size.function)[1] for size in SIZE_CLASSES.values()]
    assert [one["MemorySize"] for one in made] == [size.megabytes for size in SIZE_CLASSES.values()]
    assert len({json.dumps(one["Code"]) for one in made}) == 1
    assert {one["Handler"] for one in made} == {"functions.node_task.handler.handler"}
    assert {parts.function(size.function).timeout_seconds for size in SIZE_CLASSES.values()} == {
        LONGEST_SECONDS
    }
    placeholders = {name: f"${{{placeholder}}}" for name, placeholder in NODE_TASKS.items()}
    assert placeholders == {size.function: size.placeholder for size in SIZE_CLASSES.values()}


def test_no_placeholder_and_no_token_is_left_in_the_template(synthesised: Synthesised) -> None:
    text = synthesised.path.read_text()
    for left in (
        "development_token",
        "DEVELOPMENT_TOKEN",
        "{table}",
        "{project}",
        "{function:",
        "{machine_role}",
    ):
        assert left not in text


def test_functions_run_python_313_on_arm_with_their_layers(synthesised: Synthesised, parts: Topology) -> None:
    for function in parts.functions:
        made = synthesised.function(function.name)[1]
        assert (made["Runtime"], made["Architectures"]) == ("python3.13", ["arm64"])
        assert made["Handler"] == f"functions.{function.code or function.name}.handler.handler"
        assert (made["MemorySize"], made["Timeout"]) == (function.memory_mb, function.timeout_seconds)
        assert len(made["Layers"]) == (3 if function.libraries == "compiler" else 2)


def test_every_function_writes_to_a_log_group_of_its_own_that_forgets(
    synthesised: Synthesised, parts: Topology
) -> None:
    groups = synthesised.of_type("AWS::Logs::LogGroup")
    used = set()
    for function in parts.functions:
        group = synthesised.function(function.name)[1]["LoggingConfig"]["LogGroup"]["Ref"]
        assert groups[group]["RetentionInDays"] == 30
        used.add(group)
    assert len(used) == len(parts.functions)


def test_the_table_is_on_demand_recoverable_expiring_and_kept(
    synthesised: Synthesised, parts: Topology
) -> None:
    [(name, table)] = synthesised.of_type("AWS::DynamoDB::Table").items()
    assert table["TableName"] == parts.table.name
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["GlobalSecondaryIndexes"]
    }
    assert indexes == {index.name: [index.partition_key, index.sort_key] for index in parts.table.indexes}
    assert {index["Projection"]["ProjectionType"] for index in table["GlobalSecondaryIndexes"]} == {"ALL"}
    assert synthesised.template["Resources"][name]["DeletionPolicy"] == "Retain"


def test_every_rule_reaches_its_function_and_may_invoke_it(synthesised: Synthesised, parts: Topology) -> None:
    rules = synthesised.of_type("AWS::Events::Rule")
    permissions = synthesised.of_type("AWS::Lambda::Permission").values()
    assert len(rules) == len(parts.rules)
    for rule in parts.rules:
        [(logical_name, made)] = [item for item in rules.items() if item[1]["Name"] == rule.name]
        target = get_att(synthesised.function(rule.function)[0])
        assert [found["Arn"] for found in made["Targets"]] == [target]
        assert made.get("EventPattern") == rule.pattern
        assert made.get("ScheduleExpression") == rule.schedule
        [permission] = [found for found in permissions if found["SourceArn"] == get_att(logical_name)]
        assert permission["FunctionName"] == target
        assert permission["Principal"] == "events.amazonaws.com"


def machine_of_workflow(synthesised: Synthesised) -> Any:
    machines = synthesised.of_type("AWS::StepFunctions::StateMachine").items()
    [found] = [one for one in machines if one[1]["StateMachineName"] == "main-greeting"]
    return found


def test_a_workflow_is_a_machine_with_a_version_that_is_kept_and_the_alias_live(
    synthesised: Synthesised,
) -> None:
    (machine, properties) = machine_of_workflow(synthesised)
    [(version, published)] = synthesised.of_type("AWS::StepFunctions::StateMachineVersion").items()
    [alias] = synthesised.of_type("AWS::StepFunctions::StateMachineAlias").values()
    assert properties["StateMachineName"] == "main-greeting"
    node_task = get_att(synthesised.function("node_task")[0])
    assert properties["DefinitionSubstitutions"] == {"NodeTaskFunction": node_task}
    assert published["StateMachineArn"] == get_att(machine)
    assert published["StateMachineRevisionId"] == {"Fn::GetAtt": [machine, "StateMachineRevisionId"]}
    resource = synthesised.template["Resources"][version]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")
    [route] = alias["RoutingConfiguration"]
    assert (alias["Name"], route) == ("live", {"StateMachineVersionArn": get_att(version), "Weight": 100})


def test_a_machine_waits_for_the_permissions_of_its_role(synthesised: Synthesised) -> None:
    machine, _ = machine_of_workflow(synthesised)
    policies = synthesised.of_type("AWS::IAM::Policy")
    [policy] = [name for name in policies if name.startswith("MachineRole")]
    assert policy in synthesised.template["Resources"][machine]["DependsOn"]


def test_cfn_lint_finds_no_error_in_the_template(synthesised: Synthesised) -> None:
    program = Path(sys.executable).with_name("cfn-lint")
    command = [str(program), "--non-zero-exit-code", "error", "--format", "parseable", str(synthesised.path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout


def test_what_runs_keep_is_private_encrypted_and_goes_after_the_days_that_the_topology_says(
    synthesised: Synthesised, parts: Topology
) -> None:
    assert parts.bucket is not None
    [bucket] = synthesised.of_type("AWS::S3::Bucket").values()
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == (parts.bucket.prefix, parts.bucket.expire_days)
    assert rule["Status"] == "Enabled"
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]


def test_only_functions_that_handle_large_values_reach_the_objects_of_runs(
    synthesised: Synthesised, parts: Topology
) -> None:
    reaching = {
        function.name: {
            action
            for statement in synthesised.statements(synthesised.role_of(function.name))
            for action in statement["Action"]
            if action.startswith("s3:")
        }
        for function in parts.functions
    }
    both = {"s3:GetObject", "s3:PutObject"}
    assert {name: actions for name, actions in reaching.items() if actions} == {
        "api": both,
        **dict.fromkeys(NODE_TASKS, both),
        "bulk": {"s3:PutObject"},
        "start": {"s3:PutObject"},
        "webhook": both,
    }
