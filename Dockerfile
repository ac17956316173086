# The chat page in a container: models and index are inside, the conversations are on a volume, nobody is root.
#
#     docker build -t career-advisor .
#     docker run --rm -p 127.0.0.1:7860:7860 -v advisor-data:/data career-advisor
#
# Inside, the page listens on every address, or no port could be published. What keeps it to this machine is the
# 127.0.0.1 before the port: `-p 7860:7860` alone would open it to the whole network. Then set a password with
# `-e ADVISOR_PAGE_PASSWORD=...` (SECURITY.md); it counts in spite of --open below. The network is needed to build the image, not to run it.

ARG PYTHON_VERSION=3.11

# --- build: libraries, models, index ----------------------------------------------------------------

FROM python:${PYTHON_VERSION}-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1

RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

WORKDIR /build

# torch first and for the CPU alone: the ordinary one is ten times as large (the head of requirements.lock tells more)
COPY requirements.txt requirements.lock ./
RUN grep -v '^\.$' requirements.txt > torch.txt \
    && pip install --no-deps -r torch.txt \
    && awk '/^[a-z]/{keep = !/^(torch|triton|nvidia-|cuda-)/} keep' requirements.lock > without-torch.lock \
    && pip install --require-hashes --no-deps -r without-torch.lock

COPY pyproject.toml README.md LICENSE ./
COPY corpus corpus
COPY src src
RUN pip install --no-deps .

# Not /build, where `corpus` and `src` lie: from here on the installed program and the pages in its wheel count.
WORKDIR /opt/advisor
ENV ADVISOR_MODELS_DIR=/opt/advisor/models \
    ADVISOR_INDEX_DIR=/opt/advisor/index
RUN advisor setup \
    && advisor models verify \
    && advisor index verify \
    && chmod -R a+rX,go-w /opt/advisor

# --- what runs --------------------------------------------------------------------------------------

FROM python:${PYTHON_VERSION}-slim-trixie

LABEL org.opencontainers.image.title="Career Advisor" \
      org.opencontainers.image.description="Answers from roadmap documents, every sentence cited and checked" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-4.0"

RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin advisor \
    && install -d -o advisor -g advisor -m 0700 /data

COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/advisor /opt/advisor
COPY LICENSE THIRD-PARTY.md /opt/advisor/

# advisor.toml, where there is one, is read from /data: the volume carries settings as well as conversations
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HOME=/tmp/huggingface \
    ADVISOR_MODELS_DIR=/opt/advisor/models \
    ADVISOR_INDEX_DIR=/opt/advisor/index \
    ADVISOR_DATA_DIR=/data \
    ADVISOR_HOST=0.0.0.0 \
    ADVISOR_PORT=7860

WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 7860

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]

# --no-setup: everything is in the image, so nothing is fetched when it starts. --open: see the head of this file.
CMD ["advisor", "serve", "--no-setup", "--open"]
