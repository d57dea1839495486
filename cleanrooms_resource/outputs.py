"""The attributes of a resource that are its outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Never, NoReturn, Self, TypeVar, overload

from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.pulumi_sdk import find_output

if TYPE_CHECKING:
    import pulumi

T = TypeVar("T")


class OutputAttribute(Generic[T]):
    """An attribute that is an output, with its documentation.

    The attributes are not annotations of the class, because the SDK evaluates the annotations of a resource's class again for each resource.
    """

    def __init__(self, documentation: str) -> None:
        self.__doc__ = documentation

    def __set_name__(self, owner: type[pulumi.Resource], name: str) -> None:
        self.name = name
        self.wire_name = to_camel_case(name)

    @overload
    def __get__(self, resource: None, owner: type[pulumi.Resource]) -> Self: ...
    @overload
    def __get__(self, resource: pulumi.Resource, owner: type[pulumi.Resource]) -> pulumi.Output[T]: ...
    def __get__(self, resource: pulumi.Resource | None, owner: type[pulumi.Resource]) -> Self | pulumi.Output[T]:
        return self if resource is None else find_output(resource, self.wire_name)

    def __set__(self, resource: pulumi.Resource, value: Never) -> NoReturn:
        raise AttributeError(f"{self.name} is an output of the resource, and no program can set it")


def list_outputs(resource_class: type[pulumi.Resource]) -> dict[str, str]:
    """Return the outputs of a resource's class: each attribute's name, and the output's name in boto3's spelling."""
    return {name: attribute.wire_name for name, attribute in vars(resource_class).items() if isinstance(attribute, OutputAttribute)}
