"""Posting a rendered comment on a pull request: which comment is current, what replaces it, and the hosts that keep the comments."""
