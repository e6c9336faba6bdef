"""Refusals of the Step Functions API with the service's own codes and texts (API reference: Errors)."""

from __future__ import annotations


class ServiceError(Exception):
    """An answer with status 400; `code` is what boto3 gives as `Error.Code`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def no_such_machine(arn: str) -> ServiceError:
    """No state machine, or none of that version or alias."""
    return ServiceError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def no_such_execution(arn: str) -> ServiceError:
    """No execution of that ARN."""
    return ServiceError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")


def no_such_resource(arn: str) -> ServiceError:
    """No alias, or nothing that can have tags."""
    return ServiceError("ResourceNotFound", f"Resource not found: '{arn}'")


def wrong_machine_type() -> ServiceError:
    """A Standard machine where only an Express one will do, or the other way round."""
    message = "This operation is not supported by this type of state machine"
    return ServiceError("StateMachineTypeNotSupported", message)


def invalid_arn(arn: str) -> ServiceError:
    """Text that is no ARN of the kind asked for."""
    text = arn if arn.startswith("arn:") else f"Invalid ARN prefix: {arn}"
    return ServiceError("InvalidArn", f"Invalid Arn: '{text}'")


def wrong_resource(kind: str) -> ServiceError:
    """An ARN of something that this operation is not for."""
    return ServiceError("InvalidArn", f"Invalid Arn: 'Resource type not valid in this context: {kind}'")


def validation(message: str) -> ServiceError:
    """Parameters that do not fit each other or what there is."""
    return ServiceError("ValidationException", message)


def no_reference() -> ServiceError:
    """An alias that is not there (recorded text)."""
    return ServiceError("ResourceNotFound", "Request references a resource that does not exist.")


def quota_exceeded(message: str) -> ServiceError:
    """More than an account may have."""
    return ServiceError("ServiceQuotaExceededException", message)


def invalid_name(name: str) -> ServiceError:
    """A name with characters or of a length that names refuse."""
    return ServiceError("InvalidName", f"Invalid Name: '{name}'")


def invalid_value(name: str, value: object, rule: str) -> ServiceError:
    """A parameter that its shape refuses."""
    shown = "null" if value is None else f"'{value}'"
    return ServiceError(
        "ValidationException",
        f"1 validation error detected: Value {shown} at '{name}' failed to satisfy constraint: {rule}",
    )


def conflict(message: str) -> ServiceError:
    """What was asked does not fit what there is."""
    return ServiceError("ConflictException", message)
