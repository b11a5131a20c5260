"""The only composition root: settings in, wired platform out."""
