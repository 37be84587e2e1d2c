"""What an installation may set, with every limit named; it must not read anything but settings."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, AnyHttpUrl, BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MIB = 1 << 20
GIB = 1 << 30

Positive = Annotated[int, Field(gt=0)]


class Rate(BaseModel):
    """A token bucket: so many at once, and one more each so many milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    burst: Positive
    refill_ms: Positive


class PasswordCost(BaseModel):
    """What one guess at a password costs, by argon2id; the defaults follow RFC 9106."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passes: Positive = 3
    memory_kib: Positive = 64 * 1024
    lanes: Positive = 4


class Limits(BaseModel):
    """How much of everything the service takes; sizes in bytes, times in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    small_body: Positive = 64 * 1024
    """Sign-in and other bodies with a few fields."""
    command_body: Positive = 1 * MIB
    """A command of anybody who signs in."""
    long_command_body: Positive = 24 * MIB
    """A command of a clerk, custodian or timekeeper: an order or shares name every bid."""
    body_time: Positive = 30_000
    """How long a body other than an upload may take to arrive."""
    page: Positive = 200
    """The most items of one page of a list."""
    sealed_file: Positive = 4 * GIB + 64 * MIB
    """The largest sealed file any section may allow."""
    tender_document: Positive = 512 * MIB
    unfinished_bytes: Positive = 10 * GIB
    """Unfinished and unused uploads of one organisation together."""
    unfinished_count: Positive = 20
    unfinished_age: Positive = 7 * DAY
    disk_reserve: Positive = 1 * GIB
    """What uploads leave free on the disk."""
    session_idle: Positive = 12 * HOUR
    session_age: Positive = 7 * DAY
    sessions_an_account: Positive = 50
    sign_in_by_address: Rate = Rate(burst=30, refill_ms=2_000)
    sign_in_by_account: Rate = Rate(burst=10, refill_ms=30_000)
    commands_by_account: Rate = Rate(burst=200, refill_ms=50)
    reads_by_account: Rate = Rate(burst=500, refill_ms=10)
    file_reads_by_account: Rate = Rate(burst=1_000, refill_ms=10)
    """Parts of opened bids' files; a PDF of a hundred pages takes about as many to be opened."""
    file_readings: Positive = 64
    """How many of them are answered at once; further ones wait."""
    file_readings_an_account: Positive = 6
    inflated_bytes: Positive = 4 * GIB
    """Files of opened bids kept inflated, encrypted, while they are read; all together."""
    applications_by_address: Rate = Rate(burst=5, refill_ms=600_000)
    records_by_address: Rate = Rate(burst=10, refill_ms=30_000)
    """Exports of finished projects, fetched without an account."""
    applications_open: Positive = 500
    """How many applications of organisations wait at a time."""
    refusals_by_account: Rate = Rate(burst=20, refill_ms=60_000)
    """Refused bids are entries; this bounds how many one account can cause."""
    bucket_keys: Positive = 20_000
    """How many accounts and addresses the rates are kept for."""


class Settings(BaseSettings):
    """The settings of one installation, from `KAIBIAO_*` and, for the database, `DATABASE_URL`."""

    model_config = SettingsConfigDict(
        env_prefix="KAIBIAO_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        populate_by_name=True,
    )

    data_dir: Path = Path("var/data")
    database_url: str = Field(
        default="", validation_alias=AliasChoices("database_url", "DATABASE_URL")
    )
    """Empty: SQLite in the data folder. Otherwise `sqlite:////path` or `postgresql://...`."""
    origin: AnyHttpUrl = AnyHttpUrl("http://localhost:8000")
    """How browsers reach the service: scheme, host and port."""
    installation: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")] = "kaibiao"
    """Part of the log's name, together with the host; never changed once a log exists."""
    installation_name: Annotated[str, Field(min_length=1, max_length=100)] = "开标 Kaibiao"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    forwarded_allow_ips: str = ""
    """Proxies whose word about the client's address is taken, comma separated."""
    witness_url: AnyHttpUrl | None = None
    """The timekeeper's witness; without it receipts carry the log's signature alone."""
    witness_vkey: Annotated[str, Field(max_length=300)] = ""
    witness_patience: Positive = 2_000
    """How long an answer waits for a cosignature, ms."""
    language: Literal["zh-CN", "en"] = "zh-CN"
    """For whoever asks for neither."""
    fonts_dir: Path = Path("/usr/share/fonts")
    smtp_url: Annotated[str, Field(pattern=r"^(smtps?://.+)?$", max_length=300)] = ""
    """The mail server, `smtp://name:password@host:587` or `smtps://`; empty: no mail is sent."""
    mail_from: Annotated[str, Field(max_length=254)] = "kaibiao@localhost"
    """Who letters come from."""
    demo_guide: Path | None = None
    """Only of a demo: a file with everybody's sign-in, which every visitor is shown."""
    password_cost: PasswordCost = PasswordCost()
    limits: Limits = Limits()

    @property
    def database(self) -> str:
        """Return the address of the database."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'record.db').absolute()}"

    @property
    def origin_text(self) -> str:
        """Return the origin as browsers send it: no path, no default port."""
        return str(self.origin).rstrip("/")

    @property
    def is_https(self) -> bool:
        """Tell whether browsers come over TLS."""
        return self.origin.scheme == "https"

    @property
    def log_origin(self) -> str:
        """Return the name of the log and of its key."""
        port = f":{self.origin.port}" if self.origin.port not in {None, 80, 443} else ""
        return f"{self.origin.host}{port}/{self.installation}"
