"""The plug-in: the same lifecycle, served over Pulumi's provider protocol."""
