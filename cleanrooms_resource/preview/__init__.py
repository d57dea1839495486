"""The JSON of `pulumi preview`: the reader of the JSON, the outcome for each collaboration, the comment."""
