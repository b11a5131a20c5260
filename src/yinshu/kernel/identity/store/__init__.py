"""The identity room's tables, read and written; nothing else touches them."""

from yinshu.kernel.identity.store.rights import (
    add_grants,
    find_grant,
    forget_resource,
    grants_held,
    grants_on,
    held_by,
    move_grants,
    readable,
    remove_grant,
)

__all__ = [
    "add_grants",
    "find_grant",
    "forget_resource",
    "grants_held",
    "grants_on",
    "held_by",
    "move_grants",
    "readable",
    "remove_grant",
]
