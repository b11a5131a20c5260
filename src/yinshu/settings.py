"""Every setting of Yinshu: typed, documented, read from the environment with the prefix YINSHU_."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KIB = 1024
MIB = 1024 * KIB

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["keyvalue", "json"]
Composer = Literal["extractive", "model", "auto"]


class Settings(BaseSettings):
    """Read once at the start by `app`; nothing else reads the environment."""

    model_config = SettingsConfigDict(
        env_prefix="YINSHU_", env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    home: Path = Field(default=Path("var"), description="数据文件夹：数据库、原始文件、密钥、锁和本地套接字都在这里。")
    database_url: str = Field(
        default="",
        description="数据库地址。留空即用数据文件夹中的 SQLite；生产环境填 postgresql+psycopg://用户:口令@主机/库。",
    )
    host: str = Field(default="127.0.0.1", description="网络监听地址。默认只对本机开放。")
    port: int = Field(default=8600, ge=0, le=65_535, description="网络监听端口；0 表示由系统分配。")
    today: date | None = Field(
        default=None, description="把“今天”固定在某一天（YYYY-MM-DD），供重放和测试；留空用系统日期。"
    )

    log_level: LogLevel = Field(default="info", description="日志级别：debug、info、warning、error。")
    log_format: LogFormat = Field(default="keyvalue", description="日志格式：keyvalue（便于人读）或 json（便于采集）。")

    composer: Composer = Field(
        default="extractive",
        description="默认的作答方式：extractive（摘录原文）、model（大模型措辞并逐句核验，小模型只选句）"
        "或 auto（有大模型才用）。",
    )
    composer_model: str = Field(default="", description="作答措辞用哪个模型；留空用登记的第一个对话模型。")
    composer_timeout_seconds: float = Field(
        default=60, gt=0, le=600, description="大模型措辞最多等多少秒，超时改用摘录。"
    )
    thresholds_file: Path | None = Field(
        default=None,
        description="作答与拒答的门槛文件；留空先找数据文件夹中的 thresholds.json，再用随附的默认值。",
    )
    question_chars_max: int = Field(default=500, ge=1, le=10_000, description="一个问题最多多少字。")
    search_hits_max: int = Field(default=100, ge=1, le=1_000, description="一次检索最多返回多少条。")

    ask_processes: int = Field(
        default=2, ge=1, le=64, description="服务作答的进程数（共用已载入的模型）；1 表示在服务进程里作答。"
    )
    ask_threads: int = Field(default=4, ge=1, le=64, description="同时作答的线程数；其余提问排队等候。")
    ask_queue_max: int = Field(
        default=200, ge=1, le=10_000, description="排队等候的提问最多多少个，超过即请用户稍后再试。"
    )
    ask_timeout_seconds: float = Field(default=30, gt=0, le=600, description="一次提问从排队到作答最多多少秒。")
    job_workers: int = Field(default=1, ge=1, le=32, description="同时运行的后台任务数。")
    job_attempts_max: int = Field(default=3, ge=1, le=20, description="后台任务的一个步骤最多尝试几次。")

    request_bytes_max: int = Field(default=1 * MIB, ge=KIB, description="除上传外，一个请求最多多少字节。")
    upload_bytes_max: int = Field(default=200 * MIB, ge=KIB, description="一次上传的全部文件最多多少字节。")
    upload_files_max: int = Field(default=200, ge=1, le=10_000, description="一次最多上传多少个文件。")
    request_timeout_seconds: float = Field(default=60, gt=0, le=3_600, description="一个请求最多多少秒，超时返回 504。")

    gateway_request_bytes_max: int = Field(
        default=20 * MIB, ge=KIB, description="模型网关（/v1）一个请求最多多少字节，含图片。"
    )
    gateway_data_level: int = Field(
        default=2, ge=1, le=5, description="调用模型时没有声明数据级别（X-Data-Level）的，按几级对待（1 至 5）。"
    )
    gateway_connections_max: int = Field(
        default=4_096, ge=16, le=65_536, description="服务同时最多多少个网络连接，流式输出各占一个。"
    )
    embedded_threads: int = Field(default=0, ge=0, le=256, description="内置大模型使用的线程数；0 表示处理器数减一。")

    public_url: str = Field(
        default="",
        description=(
            "浏览器访问本系统的地址（如 https://yinshu.bank.example）；前面有 HTTPS 代理时必填，留空按请求推断。"
        ),
    )
    trusted_proxies: str = Field(
        default="", description="可信的反向代理的地址，逗号分隔；只有它们说明的来访者地址（X-Forwarded-For）才算数。"
    )
    password_sign_in: bool = Field(default=True, description="是否允许用本系统的密码登录；全部改用单位目录后可关闭。")
    directories_file: Path | None = Field(
        default=None, description="单位目录（LDAP、OIDC）的设置文件（JSON），写法见 docs/rights.md；留空则不启用。"
    )
    session_idle_minutes: int = Field(default=60, ge=1, le=1_440, description="登录后多少分钟没有操作即须重新登录。")
    session_hours_max: int = Field(default=12, ge=1, le=168, description="一次登录最长有效多少小时。")
    sign_in_failures_max: int = Field(
        default=5, ge=1, le=100, description="同一登录名在锁定时间内失败多少次即暂时锁定。"
    )
    sign_in_address_failures_max: int = Field(
        default=50, ge=1, le=10_000, description="同一来访地址在锁定时间内失败多少次即暂时锁定。"
    )
    sign_in_lock_minutes: int = Field(default=15, ge=1, le=1_440, description="登录失败的计数时间与锁定时间，分钟。")
    key_days_max: int = Field(default=365, ge=1, le=3_650, description="访问密钥最长有效多少天。")

    file_bytes_max: int = Field(default=100 * MIB, ge=KIB, description="单个文件最多多少字节。")
    pages_max: int = Field(default=3_000, ge=1, description="单个文件最多多少页。")
    parse_timeout_seconds: float = Field(default=600, gt=0, description="解析一个文件最多多少秒。")
    ocr_pages_max: int = Field(default=500, ge=0, description="单个文件最多识别多少页扫描件；0 表示不做文字识别。")
    ocr_threads: int = Field(default=2, ge=1, le=64, description="文字识别使用的线程数。")

    embed_threads: int = Field(
        default=1, ge=1, le=64, description="服务计算向量使用的线程数；少于处理器数，提问才不致变慢。"
    )
    embed_batch_clauses: int = Field(default=16, ge=1, le=1_000, description="一次计算多少个条款的向量。")

    ledger_signing_key_file: Path | None = Field(
        default=None,
        description="签名台账链头的私钥文件（Ed25519，PEM）；留空为数据文件夹中的 ledger.key，首次使用时生成。",
    )
    ledger_auditors_key_file: Path | None = Field(
        default=None,
        description="审计员公钥文件；留空为数据文件夹中的 auditors.pub。没有这个文件时不保存原文，台账只有脱敏内容。",
    )
    ledger_anchor: str = Field(
        default="", description="签名链头存到库外的哪里：文件路径（别的磁盘、只增共享）或 http(s) 网址；留空不存。"
    )

    @field_validator(
        "home", "thresholds_file", "directories_file", "ledger_signing_key_file", "ledger_auditors_key_file"
    )
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path is not None else None

    @cached_property
    def resolved_database_url(self) -> str:
        """The database's SQLAlchemy URL, SQLite in the data folder unless another is set."""
        return self.database_url or f"sqlite:///{self.home / 'yinshu.sqlite'}"

    @property
    def uses_sqlite(self) -> bool:
        """Whether one process owns the data folder (SQLite) or many share a server (PostgreSQL)."""
        return self.resolved_database_url.startswith("sqlite")

    @property
    def ledger_signing_file(self) -> Path:
        """Where the private key that signs the ledger's heads lies."""
        return self.ledger_signing_key_file or self.home / "ledger.key"

    @property
    def ledger_auditors_file(self) -> Path:
        """Where the auditors' public key lies, if it was installed."""
        return self.ledger_auditors_key_file or self.home / "auditors.pub"

    @property
    def token_file(self) -> Path:
        """Where the local operator's bearer token lies (mode 0600)."""
        return self.home / "token"

    @property
    def socket_file(self) -> Path:
        """The unix socket by which the command line attaches to a running server."""
        return self.home / "yinshu.sock"


def setting_names() -> list[str]:
    """Every environment variable that is read, in the order of the class."""
    return [f"YINSHU_{name.upper()}" for name in Settings.model_fields]
