"""Talking to AWS: settings, connections, calls, gone collaborations, lost creations."""
