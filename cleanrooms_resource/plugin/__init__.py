"""The plug-in: the lifecycle over Pulumi's provider protocol, for programs in other languages, `pulumi import` and explicit providers."""
