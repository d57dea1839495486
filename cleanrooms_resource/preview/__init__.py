"""The JSON of `pulumi preview`: reading it, the outcome for each collaboration, the comment."""
