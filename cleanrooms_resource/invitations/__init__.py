"""What an invited member needs to join a collaboration, written as Markdown or as JSON."""
