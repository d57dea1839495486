"""The attributes of a resource that are its outputs."""

from __future__ import annotations

from typing import Any, Generic, Never, NoReturn, Self, TypeVar, overload

import pulumi

from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.pulumi_sdk import find_output

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
    def __get__(
        self, resource: pulumi.Resource, owner: type[pulumi.Resource]
    ) -> pulumi.Output[T]: ...
    def __get__(
        self, resource: pulumi.Resource | None, owner: type[pulumi.Resource]
    ) -> Self | pulumi.Output[T]:
        return self if resource is None else find_output(resource, self.wire_name)

    def __set__(self, resource: pulumi.Resource, value: Never) -> NoReturn:
        raise AttributeError(f"{self.name} is an output of the resource, and no program can set it")


class MembersOutput(pulumi.Output[Any]):
    """An Output whose value is a map of members, keyed by account id."""

    def __getitem__(self, key: str) -> pulumi.Output[Any]:
        """Return an Output of one member.

        Raises:
            TypeError: the key is a position. In pulumi-aws, the members are a list.

        """
        if isinstance(key, str):
            return super().__getitem__(key)
        raise TypeError(
            f'members is a map keyed by account id, and not a list: in the place of members[{key!r}], write members["222233334444"] with the '
            "member's account id, or members.apply(lambda members: list(members.values())) for a list"
        )


class MembersAttribute(OutputAttribute[Any]):
    """The attribute of the output ``members``."""

    @overload
    def __get__(self, resource: None, owner: type[pulumi.Resource]) -> Self: ...
    @overload
    def __get__(self, resource: pulumi.Resource, owner: type[pulumi.Resource]) -> MembersOutput: ...
    def __get__(
        self, resource: pulumi.Resource | None, owner: type[pulumi.Resource]
    ) -> Self | MembersOutput:
        if resource is None:
            return self
        output = find_output(resource, self.wire_name)
        # The Output is the SDK's. Another class keeps everything that the Output knows, and costs no new Output.
        output.__class__ = MembersOutput
        return output  # type: ignore[no-any-return]


def list_outputs(resource_class: type[pulumi.Resource]) -> dict[str, str]:
    """Return the outputs of a resource's class: each attribute's name, and the output's name in boto3's spelling."""
    return {
        name: attribute.wire_name
        for name, attribute in vars(resource_class).items()
        if isinstance(attribute, OutputAttribute)
    }
