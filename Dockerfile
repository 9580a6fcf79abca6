# One image for the service (default), the scheduler and the migrations:
#   changxiao serve | changxiao schedule | changxiao db upgrade

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1
WORKDIR /build

# the libraries first: this layer stays as long as the locks do
COPY requirements/base.lock requirements/build.lock requirements/
RUN pip install --require-hashes -r requirements/build.lock \
    && uv venv --python /usr/local/bin/python3.11 /opt/changxiao \
    && uv pip install --python /opt/changxiao/bin/python --require-hashes -r requirements/base.lock

COPY pyproject.toml README.md ./
COPY warning/ warning/
COPY models/ models/
COPY pipelines/ pipelines/
COPY api/ api/
RUN python -m hatchling build -t wheel \
    && uv pip install --python /opt/changxiao/bin/python --no-deps dist/*.whl


FROM python:3.11-slim-bookworm
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends fonts-noto-cjk tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 changxiao \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/changxiao --shell /usr/sbin/nologin changxiao \
    && install -d -o 10001 -g 10001 /var/lib/changxiao
COPY --from=build /opt/changxiao /opt/changxiao

# one thread a process: numbers come out the same everywhere; workers, not threads, use the cores
ENV PATH=/opt/changxiao/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TZ=Asia/Shanghai \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    CHANGXIAO_HOME=/var/lib/changxiao \
    CHANGXIAO_HOST=0.0.0.0

# changxiao.toml, where there is one, is read from the working directory
WORKDIR /var/lib/changxiao
VOLUME /var/lib/changxiao
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["changxiao", "serve"]
