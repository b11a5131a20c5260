"""The platform itself: one package per noun, imports pointing down only."""
