"""One daily run over the Indian series, whole process, forecasts included; and a replay of a week."""

from __future__ import annotations

from measuring import ARCHIVE, home, process, show


def main() -> None:
    if not ARCHIVE.exists():
        print(f"skipped: the archive is not at {ARCHIVE}")
        return
    with home() as folder:
        place = {"CHANGXIAO_HOME": str(folder)}
        process(["pipelines.cli", "ingest", "agmarknet", str(ARCHIVE)], **place)
        first_s, peak_mb = process(["pipelines.cli", "run", "--date", "2018-12-02"], **place)
        again_s, _ = process(["pipelines.cli", "run", "--date", "2018-12-02"], **place)
        week_s, _ = process(
            ["pipelines.cli", "run", "--date", "2018-11-01", "--until", "2018-11-28", "--no-forecasts"], **place
        )
    show(
        [
            ("daily run, 1,741 series, with forecasts", f"{first_s:.1f} s", "at most 60 s"),
            ("the same again, nothing new known", f"{again_s:.1f} s", ""),
            ("replay of 28 days, per day", f"{week_s / 28:.2f} s", ""),
            ("peak memory (with the ingest)", f"{peak_mb:.0f} MB", ""),
        ]
    )


if __name__ == "__main__":
    main()
