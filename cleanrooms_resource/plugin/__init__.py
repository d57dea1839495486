"""The second door: the lifecycle over Pulumi's provider protocol, for every language, `pulumi import` and explicit providers."""
