"""The calls to AWS: settings, connections, calls, collaborations that no longer exist, creations whose answer was lost."""
