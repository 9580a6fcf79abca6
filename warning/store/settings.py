"""What can be set: environment `CHANGXIAO_*`, then `changxiao.toml`, then the defaults here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

CONFIG_FILE = "changxiao.toml"


class Settings(BaseSettings):
    """Settings of one installation. Read once at a root (`pipelines.cli`, `api.app`) and handed down."""

    model_config = SettingsConfigDict(env_prefix="CHANGXIAO_", toml_file=CONFIG_FILE, extra="forbid")

    home: Path = Path("var")
    """Where files live: the SQLite database, raw bytes, the user's own reference files."""
    database_url: str = ""
    """`sqlite:///…` or `postgresql+psycopg://…`; empty: SQLite below `home`."""
    live_feeds: list[str] = Field(default_factory=list)
    """Ids of live feeds to fetch every day; none unless named, since their terms are not published."""
    user_agent: str = "changxiao/0.1 (agricultural early warning; contact: set CHANGXIAO_USER_AGENT)"
    upload_max_bytes: int = 200 * 1024 * 1024
    run_at: dt.time = dt.time(7, 30)
    """Asia/Shanghai: when the day before is judged."""
    catch_up_days: int = 14
    """How many missed business dates `changxiao schedule` makes up for."""
    refit_days: int = 28
    """After how many days `changxiao schedule` refits the models; 0 for never."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    """Address of the board as readers of messages reach it, such as https://changxiao.example; blank: no links."""
    deliver_private: bool = False
    """Let webhooks go to private and loopback addresses too; off, so that nobody can reach into the network by one."""
    smtp_host: str = ""
    """Server that mail goes by; blank: subscriptions by mail wait."""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = "changxiao@localhost"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def url(self) -> str:
        """The database address in force."""
        return self.database_url or sqlite_url(self.home)

    @property
    def reference(self) -> Path:
        """The folder of the user's own reference files."""
        return self.home / "reference"

    @property
    def own_lines(self) -> Path | None:
        """The user's own level lines, for `warning.thresholds`; None where there are none."""
        found = self.reference / "thresholds.toml"
        return found if found.is_file() else None


def sqlite_url(home: Path) -> str:
    """The address of the SQLite database in a folder, whatever characters its name has."""
    return f"sqlite:///{quote(str(home / 'changxiao.sqlite'))}"


def load_settings() -> Settings:
    """The settings of this process; called at the roots only."""
    return Settings()
