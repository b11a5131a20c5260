"""The gateway's errors: GatewayError > NoSuchModel | ModelBusy | ModelDown | QuotaSpent | ContentBlocked | BadModel."""

from __future__ import annotations

from yinshu.kernel.base.errors import BadInput, DependencyDown, NotAllowed, NotFound, YinshuError


class GatewayError(YinshuError):
    """The root for whoever wants to catch all of them by one name."""

    code = "gateway"


class NoSuchModel(GatewayError, NotFound):
    """No model of this name that the caller may use for this."""

    code = "model_not_found"


class ModelDown(GatewayError, DependencyDown):
    """Every endpoint of the model and of its fallbacks failed."""

    code = "model_down"
    http_status = 502


class ModelBusy(GatewayError, DependencyDown):
    """Every endpoint is at its limit."""

    code = "model_busy"
    http_status = 503


class ModelTooSlow(GatewayError, DependencyDown):
    """The model did not answer in time."""

    code = "model_too_slow"
    http_status = 504


class UpstreamRefused(GatewayError, BadInput):
    """The model's server says that the request itself is wrong; another server would say the same."""

    code = "model_refused"


class QuotaSpent(GatewayError, NotAllowed):
    """A quota is used up."""

    code = "quota_spent"
    http_status = 429

    def __init__(self, message: str, *, retry_after_seconds: int = 60, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.retry_after_seconds = retry_after_seconds


class ContentBlocked(GatewayError, BadInput):
    """The guard stopped what was to go in or come out."""

    code = "content_blocked"


class LevelTooHigh(GatewayError, NotAllowed):
    """The data is more confidential than any fitting model may receive."""

    code = "data_level_too_high"


class BadModel(GatewayError, BadInput):
    """A model cannot be registered or used as described."""

    code = "bad_model"
