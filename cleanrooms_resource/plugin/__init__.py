"""The plug-in: the same lifecycle, served to the engine for programs in every language."""
