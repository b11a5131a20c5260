"""The only composition root: settings in, wired platform out."""

from yinshu.app.run import Application, open_application, serve

__all__ = ["Application", "open_application", "serve"]
