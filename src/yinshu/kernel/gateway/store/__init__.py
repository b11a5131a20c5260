"""Everything of the gateway that touches the database."""

from yinshu.kernel.gateway.store.cascades import get_cascade, list_cascades, save_cascade
from yinshu.kernel.gateway.store.cases import add_cases, list_cases
from yinshu.kernel.gateway.store.counts import counts_of_others, forget_counts, publish_counts
from yinshu.kernel.gateway.store.models import (
    add_endpoint,
    delete_model,
    list_models,
    read_key_ciphers,
    save_model,
    set_endpoint_state,
)
from yinshu.kernel.gateway.store.quotas import delete_quota, list_quotas, save_quota
from yinshu.kernel.gateway.store.usage import add_usage, sum_usage, tokens_of_day

__all__ = [
    "add_cases",
    "add_endpoint",
    "add_usage",
    "counts_of_others",
    "delete_model",
    "delete_quota",
    "forget_counts",
    "get_cascade",
    "list_cascades",
    "list_cases",
    "list_models",
    "list_quotas",
    "publish_counts",
    "read_key_ciphers",
    "save_cascade",
    "save_model",
    "save_quota",
    "set_endpoint_state",
    "sum_usage",
    "tokens_of_day",
]
