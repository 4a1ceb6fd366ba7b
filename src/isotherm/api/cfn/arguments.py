"""Reads the arguments of CloudFormation's actions into what use cases take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ValidationError,
)
from isotherm.core.arns import parse_arn
from isotherm.core.errors import EntityNotFound
from isotherm.ports.attachments import Attachment
from isotherm.ports.records import Stack, replace
from isotherm.template import is_web_address
from isotherm.usecases.access import find_stack, stack_of
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest
from isotherm.usecases.stacks.notifications import notified_by, sinks_of
from isotherm.usecases.stacks.reviews import find_review, review_arn
from isotherm.usecases.stacks.update import UpdateRequest

Arguments = Mapping[str, Any]


class NoSuchStack(ValidationError):
    """Clients know by these very words that a stack is gone, or has to be made."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"Stack with id {wanted} does not exist")


class StackUnderReview(NoSuchStack):
    """It is to come with a change set: a few actions tell of it, and none changes it."""

    def __init__(self, review: Attachment) -> None:
        super().__init__(review.name)
        self.review = review
        arn = review_arn(review)
        self.message = f"Stack:{arn} is in REVIEW_IN_PROGRESS state and can not be updated."


async def stack_called(call: AwsCall) -> Stack:
    """The stack that ``StackName`` means: a name, an id or an ARN, which finds deleted ones,
    too. Raises NoSuchStack."""
    wanted = call.arguments.get("StackName")
    if not wanted:
        raise MissingParameter("The parameter StackName is missing.")
    try:
        if named := parse_arn(wanted):
            return await stack_of(call.services, call.caller, named.stack_name, named.stack_id)
        return await find_stack(call.services, call.caller, wanted)
    except EntityNotFound:
        review = await find_review(call.services, call.caller.project_id, wanted)
        raise (StackUnderReview(review) if review else NoSuchStack(wanted)) from None


async def live_stack_called(call: AwsCall) -> Stack:
    """The same, but deleted ones are not found."""
    stack = await stack_called(call)
    if stack.deleted_at is not None:
        raise NoSuchStack(str(call.arguments["StackName"]))
    return stack


def identity(stack: Stack) -> tuple[str, str]:
    return stack.name, stack.id


_MOST_NOTIFIED = 5
_SOURCE = ("TemplateBody", "TemplateURL", "Parameters")
CREATE = (
    *("StackName", *_SOURCE, "Capabilities"),
    *("ClientRequestToken", "DisableRollback", "EnableTerminationProtection", "OnFailure"),
    *("NotificationARNs", "Tags", "TimeoutInMinutes"),
)
UPDATE = (
    *("StackName", *_SOURCE, "Capabilities"),
    *("ClientRequestToken", "DisableRollback", "NotificationARNs", "Tags", "UsePreviousTemplate"),
)
POLICY = ("StackPolicyBody",)
POLICY_DURING = ("StackPolicyDuringUpdateBody",)


def create_request(arguments: Arguments) -> CreateRequest:
    """Raises AwsFault."""
    timeout = arguments.get("TimeoutInMinutes")
    environment = {"event_sinks": sinks_of(_notified(arguments))}
    return CreateRequest(
        name=arguments["StackName"],
        source=replace(source_request(arguments, {}), environment=environment),
        disable_rollback=_stays_after_failure(arguments),
        timeout_mins=None if timeout is None else int(timeout),
        tags=",".join(tag_words(arguments)) or None,
        capabilities=capabilities(arguments),
    )


def update_request(arguments: Arguments, environment: Mapping[str, Any]) -> UpdateRequest:
    """``environment`` is the present one. Addresses that are told of events stay where nothing is
    said of them. Raises AwsFault."""
    present: Mapping[str, Any] = environment.get("parameters") or {}
    same_template = bool(arguments.get("UsePreviousTemplate"))
    given = _parameters(arguments, present)
    return UpdateRequest(
        source=source_request(arguments, present),
        existing=same_template,
        clear_parameters=tuple(present.keys() - given.keys()) if same_template else (),
        disable_rollback=arguments.get("DisableRollback", UNSET),
        tags=",".join(tag_words(arguments)) or None
        if "Tags" in arguments
        else _kept(same_template),
        capabilities=capabilities(arguments),
        policy=arguments.get("StackPolicyDuringUpdateBody"),
        notified=_notified(arguments)
        if "NotificationARNs" in arguments
        else notified_by(environment),
    )


def capabilities(arguments: Arguments) -> tuple[str, ...]:
    """What somebody says to know of the template. It is shown; what the template may do is
    decided by the roles of the caller."""
    return tuple(arguments.get("Capabilities", ()))


def source_request(arguments: Arguments, present: Mapping[str, Any]) -> SourceRequest:
    """Raises AwsFault."""
    body, url = arguments.get("TemplateBody"), arguments.get("TemplateURL")
    same = arguments.get("UsePreviousTemplate")
    if sum(bool(each) for each in (body, url, same)) > 1:
        raise InvalidParameterCombination(
            "TemplateBody, TemplateURL and UsePreviousTemplate exclude each other."
        )
    return SourceRequest(
        template=body, template_url=url, parameters=_parameters(arguments, present)
    )


def _parameters(arguments: Arguments, present: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in arguments.get("Parameters", ()):
        name = each.get("ParameterKey")
        if not name:
            raise InvalidParameterValue("Each of Parameters needs a ParameterKey.")
        if not each.get("UsePreviousValue"):
            found[name] = each.get("ParameterValue", "")
        elif "ParameterValue" in each:
            raise InvalidParameterCombination(
                f"Parameter {name} has a ParameterValue and UsePreviousValue."
            )
        elif name in present:
            found[name] = present[name]
    return found


def _notified(arguments: Arguments) -> list[str]:
    """Addresses take the place of topics."""
    given: list[str] = arguments.get("NotificationARNs", [])
    for each in given:
        if not is_web_address(each):
            raise InvalidParameterValue(
                "NotificationARNs are http or https addresses: there are no topics here."
            )
    if len(given) > _MOST_NOTIFIED:
        raise InvalidParameterValue(f"A stack has at most {_MOST_NOTIFIED} NotificationARNs.")
    return given


def _stays_after_failure(arguments: Arguments) -> bool:
    """Unlike elsewhere, a stack that cannot be made is rolled back unless told otherwise."""
    on_failure, disabled = arguments.get("OnFailure"), arguments.get("DisableRollback")
    if on_failure is not None and disabled is not None:
        raise InvalidParameterCombination("DisableRollback and OnFailure exclude each other.")
    return bool(disabled) or on_failure == "DO_NOTHING"


def tag_words(arguments: Arguments) -> list[str]:
    """A tag here is one word there: its key, and its value after ``=``."""
    return [
        f"{each['Key']}={each['Value']}" if each["Value"] else each["Key"]
        for each in arguments.get("Tags", ())
    ]


def _kept(same_template: bool) -> UnsetType | None:
    return UNSET if same_template else None
