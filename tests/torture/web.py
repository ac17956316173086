"""Faults 15, 17, 18, 19 and 23: the page on its port, under bodies, paths, scripts and crowds; and whom it calls."""

import http.client
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

from advisor.memory import open_conversations
from advisor.web.markup import answer_html, question_html, sources_html
from advisor.web.talk import Phase, Shown, ShownTurn
from tests.torture.page import (
    ANSWERED_AT_ONCE,
    OWNER,
    WAITING,
    Echo,
    Gate,
    Served,
    Tab,
    echo,
    port_in,
    send,
    served,
    still_answers,
    whole,
)
from tests.torture.questions import check_html
from tests.torture.stage import advisor_over, ask, open_sound, set_up
from tests.torture.trial import Broken, Run, expect, told_by, watch_calls

GROWTH_BYTES = 50 * 1024 * 1024
RECOVERY_SECONDS = 2.0

# --- 15: malformed bodies ------------------------------------------------------------------------------

ENDPOINTS = (
    "/gradio_api/queue/join", "/gradio_api/run/answer", "/gradio_api/api/run", "/gradio_api/call/answer",
    "/gradio_api/call/v2/run", "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/component_server",
    "/gradio_api/stream/x", "/gradio_api/stream/x/close", "/gradio_api/process_recording", "/login", "/",
    "/gradio_api/run-history/connect", "/gradio_api/vibe-edit", "/gradio_api/profiling/clear", "/config", "/healthz",
    "/gradio_api/queue/data", "/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/%00", "/gradio_api/info",
    "/gradio_api/upload_progress?upload_id=x", "/theme.css", "/monitoring", "/gradio_api/startup-events",
)  # fmt: skip


def malformed_bodies(run: Run) -> None:
    """Every endpoint gets bodies and queries that fit nothing; the page must live on, tell no trace and not grow."""
    import psutil

    with served(run.place("page"), Gate) as page:
        still_answers(page.port)
        before = psutil.Process(page.process).memory_info().rss
        statuses: dict[int, int] = {}
        for number in range(run.count):

            def trial(chance: Random, path: str = ENDPOINTS[number % len(ENDPOINTS)]) -> None:
                method = "POST" if chance.random() < 0.8 else chance.choice(("GET", "PUT", "DELETE", "HEAD", "BREW"))
                sent = send(page.port, method, path, _body(chance), _headers(chance))
                statuses[sent.status] = statuses.get(sent.status, 0) + 1
                expect("Traceback" not in sent.body and 'File "' not in sent.body, f"a trace from {method} {path}")
                expect(psutil.pid_exists(page.process), "the page is gone")

            run.attempt(f"body {number}", trial)
        run.attempt("afterwards", lambda _c: still_answers(page.port))
        grown = psutil.Process(page.process).memory_info().rss - before
    run.attempt("memory", lambda _c: expect(grown < GROWTH_BYTES, f"the page grew by {grown / 1e6:.0f} MB"))
    told = ", ".join(f"{count} × {status or 'hung up'}" for status, count in sorted(statuses.items()))
    run.note(f"memory {grown / 1e6:+.1f} MB; replies: {told}")


def _body(chance: Random) -> bytes:
    sound = {
        "data": [None, None, "", OWNER, "How long?"], "fn_index": chance.choice((0, 6, 8, -1, 99, "0", None, 1.5, [])),
        "session_hash": chance.choice(("s" * 10, None, 7, "../x", "\x00", "s" * 5000)),
        "event_data": chance.choice((None, 7, {})),
    }  # fmt: skip
    odd = (None, True, -1, 1e308, 10**400, "x" * 10_000, [], {}, [[]] * 50, {"a": {"b": None}}, "\ud800", OWNER)
    kind = chance.randrange(7)
    if kind == 0:
        return chance.randbytes(chance.randrange(2000))
    if kind == 1:
        return b"[" * chance.randrange(1, 30_000)
    if kind == 2:
        return b"\x00\xff" + json.dumps(sound).encode()
    if kind == 3:
        return json.dumps(sound).encode()[: chance.randrange(200)]
    if kind == 4:
        return json.dumps({name: value for name, value in sound.items() if chance.random() < 0.6}).encode()
    if kind == 5:
        sound["data"] = [chance.choice(odd) for _ in range(chance.randrange(9))]
    else:
        sound[chance.choice([*sound])] = chance.choice(odd)
    return json.dumps(sound).encode()


def _headers(chance: Random) -> dict[str, str]:
    kinds = (
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "",
    )
    length = {} if chance.random() < 0.9 else {"Content-Length": chance.choice(("", "-1", "abc", "0"))}
    return {"Content-Type": chance.choice(kinds), **length}


# --- 17: scripts ---------------------------------------------------------------------------------------


def payloads(count: int) -> list[str]:
    """Ways to run a script, load a stranger's file or send a form, in HTML and in Markdown."""
    acts = ("window.__xss=1", "fetch('http://evil.invalid/f')", "top.__xss=1", "document.title='x';window.__xss=1")
    shapes = (
        "<script>{act}</script>", "<img src=x onerror=\"{act}\">", "<svg onload=\"{act}\"></svg>",
        "<a href=\"javascript:{act}\">go</a>", "[go](javascript:{act})", "![t](http://evil.invalid/i.png)",
        "<iframe src=\"javascript:{act}\"></iframe>",
        "<form action=http://evil.invalid><input autofocus onfocus=\"{act}\"></form>",
        "</div></details><script>{act}</script>", "<details open ontoggle=\"{act}\">x</details>",
        "<style>@import 'http://evil.invalid/s.css';</style>", "<math><mtext><script>{act}</script></mtext></math>",
        "[x](http://a.b\"onmouseover=\"{act})", "`</code><script>{act}</script>`",
        "| <img src=x onerror=\"{act}\"> |\n|---|\n| x |",
        "<body onload=\"{act}\">", "&lt;script&gt;{act}&lt;/script&gt;",
        "<object data=\"data:text/html,<script>{act}</script>\"></object>",
        "$$\\href{{javascript:{act}}}{{x}}$$", "{{{{constructor.constructor('{act}')()}}}}",
    )  # fmt: skip
    return [shape.format(act=act) for act in acts for shape in shapes][:count]


def scripts(run: Run) -> None:
    """Payloads as question, answer, title, section, address, quote and page: as markup, and in a browser."""
    for number, payload in enumerate(payloads(80)[:: 1 if run.count >= 80 else 80 // run.count]):
        run.attempt(f"markup {number}", partial(_plain, payload))
    if run.is_fast:
        run.note("the browser is left out in a fast run")
        return
    with served(run.place("page"), Echo) as page:
        for first in range(0, run.count, 20):
            some = payloads(run.count)[first : first + 20]
            run.attempt(f"browser {first}", partial(_shown, page, some), worth=len(some))


def _plain(payload: str, _chance: Random) -> None:
    turn = ShownTurn(payload, 0, phase=Phase.DONE, answer=echo(payload))
    failed = ShownTurn(payload, 0, phase=Phase.FAILED, error=payload)
    shown = Shown("c", (turn,))
    check_html(question_html(turn) + answer_html(turn, 1, writer=payload) + answer_html(failed, 1, writer=payload))
    check_html(sources_html(shown, lambda key: f"# {key}\n\nBefore {key} after.\n"))


def _shown(page: Served, some: list[str], _chance: Random) -> None:
    from playwright.sync_api import sync_playwright
    from test_browser import CHROMIUM, FLAGS

    strangers: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page()
        tab.on("request", lambda request: strangers.append(request.url) if not _is_own(request.url, page) else None)
        tab.on("dialog", lambda dialog: (strangers.append("a dialog"), dialog.dismiss()))
        tab.goto(page.url)
        tab.get_by_role("button", name="Data analyst or data scientist?").wait_for()
        box = tab.get_by_label("Your question")
        for number, payload in enumerate(some, start=1):
            box.fill(payload.replace("\n", " "))
            box.press("Enter")
            tab.locator(f"#answer-{number}.ca-rateable").wait_for(state="attached", timeout=20_000)
        tab.reload()
        tab.locator(f"#answer-{len(some)}").wait_for(state="attached", timeout=20_000)
        ran = tab.evaluate("window.__xss")
        inside = tab.evaluate(
            "document.querySelectorAll('.ca-answer :is(form,iframe,script,img,object,svg,style), .ca-question"
            " :is(form,iframe,script,img), #ca-sources :is(form,iframe,script,img,object,style)').length"
        )
        browser.close()
    expect(ran is None, "a script ran")
    expect(not strangers, f"requests to strangers: {strangers[:3]}")
    expect(not inside, f"{inside} elements that act")


def _is_own(url: str, page: Served) -> bool:
    return url.startswith((page.url, "data:", "blob:"))


# --- 18: paths, addresses, uploads, sizes --------------------------------------------------------------


def intruders(run: Run) -> None:
    """Requests for files outside, for other hosts, with files, with bodies too large: each refused, nothing written."""
    folder = run.place("page")
    secret = run.folder / "secret.txt"
    secret.write_text("a secret that must not leave")
    with socket.create_server(("127.0.0.1", 0)) as other, served(folder, Gate) as page:
        still_answers(page.port)
        other.setblocking(False)
        written = _files_below(folder)
        requests = _intrusions(secret, other.getsockname()[1])
        for number, (method, path, body, headers) in enumerate(requests[: run.count]):

            def trial(_c: Random, how: tuple[str, str, bytes, dict[str, str]] = (method, path, body, headers)) -> None:
                sent = send(page.port, *how)
                expect(
                    "a secret that must not leave" not in sent.body and "root:" not in sent.body,
                    "a file came out",
                    lost=1,
                )
                expect(400 <= sent.status < 500, f"{how[0]} {how[1][:80]} got {sent.status}")

            run.attempt(f"{number}: {method} {path[:60]}", trial)

        def quiet(_chance: Random) -> None:
            with suppress(BlockingIOError):
                other.accept()
                raise Broken("the page asked another host")
            expect(_files_below(folder) == written, f"written: {sorted(_files_below(folder) - written)}")

        run.attempt("nothing written, nobody asked", quiet)
        run.attempt("headers", lambda _c: _guarded(page.port))


def _files_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if not path.name.startswith("c.db")}


def _intrusions(secret: Path, other: int) -> list[tuple[str, str, bytes, dict[str, str]]]:
    up = ("../", "..%2f", "%2e%2e/", "..%5c", "....//", "%252e%252e%252f", "..;/")
    found: list[tuple[str, str, bytes, dict[str, str]]] = []
    for root in ("/gradio_api/file=", "/gradio_api/file/", "/static/", "/assets/", "/svelte/"):
        found += [("GET", f"{root}{step * 12}etc/passwd", b"", {}) for step in up[:5]]
    for path in (str(secret), "/etc/passwd", "file:///etc/passwd", "/proc/self/environ", "\\\\host\\share", "c.db"):
        found.append(("GET", f"/gradio_api/file={path}", b"", {}))
    for target in (
        f"http://127.0.0.1:{other}/",
        f"http://localhost:{other}/x",
        "http://169.254.169.254/latest/meta-data",
    ):
        found += [("GET", f"/gradio_api/{kind}={target}", b"", {}) for kind in ("proxy", "file")]
    parts = b'--x\r\nContent-Disposition: form-data; name="files"; filename="../../x.py"\r\n\r\nx\r\n--x--\r\n'
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    for path in ("/upload", "/gradio_api/upload", "/gradio_api/upload/", "/gradio_api/upload?upload_id=x"):
        found += [("POST", path, parts, multipart), ("PUT", path, parts, multipart)]
    large = b'{"data":["' + b"x" * 70_000 + b'"]}'
    for path in ("/gradio_api/queue/join", "/gradio_api/run/answer", "/gradio_api/component_server", "/", "/login"):
        found += [("POST", path, large, {}), ("POST", path, b"{}", {"Content-Length": "99999999999"})]
    for path in ("/gradio_api/queue/join", "/gradio_api/cancel"):
        found.append(("POST", path, b"5\r\nhello\r\n0\r\n\r\n", {"Content-Length": "", "Transfer-Encoding": "chunked"}))
    for path in ("/docs", "/openapi.json", "/.env", "/.git/config", "/gradio_api/custom_component/x/client/../../x"):
        found.append(("GET", path, b"", {}))
    return found


def _guarded(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    headers = connection.getresponse().headers
    connection.close()
    policy = headers.get("content-security-policy", "")
    expect("default-src 'self'" in policy and "frame-ancestors 'none'" in policy, f"the policy is {policy!r}")
    expect("img-src 'self' data: blob:" in policy and "form-action 'self'" in policy, "images or forms of strangers")
    expect(headers.get("x-content-type-options") == "nosniff", "no nosniff")


# --- 19: crowds ----------------------------------------------------------------------------------------


def crowd(run: Run) -> None:
    """Many ask at once while no answer comes: as many wait as may, the others are told, and all is well afterwards."""
    flag = run.folder / "open"
    with served(run.place("page"), lambda store: Gate(store, flag)) as page:
        tabs = [Tab(page.port) for _ in range(run.count)]
        with ThreadPoolExecutor(8) as pool:
            typed = [*pool.map(lambda tab: tab.type_question("How long?"), tabs)]
        run.attempt("typing", lambda _c: expect(all(typed), f"{typed.count(False)} could not type"), worth=len(tabs))
        for tab in tabs[:ANSWERED_AT_ONCE]:
            run.attempt("first", lambda _c, tab=tab: expect(tab.answer().status == 200, "not taken"))  # type: ignore[misc]
        time.sleep(1.0)  # until both are being answered and none of them waits
        with ThreadPoolExecutor(8) as pool:
            sent = [*pool.map(lambda tab: tab.answer(), tabs[ANSWERED_AT_ONCE:])]
        accepted = [tab for tab, one in zip(tabs[ANSWERED_AT_ONCE:], sent, strict=True) if one.status == 200]
        refused = [one for one in sent if one.status != 200]
        waiting = min(WAITING, len(tabs) - ANSWERED_AT_ONCE)
        run.attempt("accepted", lambda _c: expect(len(accepted) == waiting, f"{len(accepted)} wait, not {waiting}"))
        run.attempt(
            "refused",
            lambda _c: expect(all(r.status == 429 and "press Stop" in r.body for r in refused), f"{refused[:1]}"),
        )
        flag.touch()
        began = time.perf_counter()
        run.attempt("recovery", lambda _c: _taken_again(page.port, began))
        with ThreadPoolExecutor(len(accepted) + ANSWERED_AT_ONCE) as pool:
            got = [*pool.map(lambda tab: tab.wait("process_completed"), [*tabs[:ANSWERED_AT_ONCE], *accepted])]
        run.attempt("answers", lambda _c: expect(all(got), "accepted and never answered", lost=got.count(False)))
        run.note(f"{ANSWERED_AT_ONCE} answered, {len(accepted)} waited, {len(refused)} told that the queue is full")


def _taken_again(port: int, began: float) -> None:
    late = Tab(port)
    while not late.type_question("How long?"):
        expect(time.perf_counter() - began < RECOVERY_SECONDS, "still full")
        time.sleep(0.05)
    took = time.perf_counter() - began
    expect(took < RECOVERY_SECONDS, f"it took {took:.1f} s until the next question was taken")


# --- 23: whom it calls ---------------------------------------------------------------------------------


def quiet(run: Run) -> None:
    """Building, asking, evaluating and serving, each in a process that reports every attempt to reach out."""
    jobs: dict[str, Callable[[], object]] = {
        "build and ask": partial(_build_and_ask, run.place("ask")),
        "evaluate": partial(_evaluate, run.place("evaluate")),
        "serve": partial(_serve_and_ask, run.place("serve")),
    }
    for name, job in jobs.items():
        run.attempt(name, partial(_calls_nobody, job))
    run.attempt("the trial itself", lambda _c: expect(told_by(_call_out) == "socket.getaddrinfo example.org", "deaf"))
    run.note("every other fault of this table runs under the same watch")


def _calls_nobody(job: Callable[[], object], _chance: Random) -> None:
    def work() -> str:
        calls: list[str] = []
        watch_calls(calls.append)
        job()
        return ", ".join(sorted({*calls})) or "nobody"

    said = told_by(work, 120)
    expect(said == "nobody", f"it called {said!r}" if said else "it broke")


def _call_out() -> str:
    calls: list[str] = []
    watch_calls(calls.append)
    with suppress(OSError):
        socket.setdefaulttimeout(0.5)
        sys.audit("socket.getaddrinfo", "example.org", 80, 0, 0, 0)
    return ", ".join(calls)


def _build_and_ask(folder: Path) -> None:
    bench = set_up(folder)
    with advisor_over(open_sound(bench.index), folder / "c.db") as advisor:
        ask(advisor, "How long is phase 1?")


def _evaluate(folder: Path) -> None:
    from advisor.evaluation.questions import read_cases
    from advisor.evaluation.run import evaluate

    bench = set_up(folder)
    line = {"id": "a", "kind": "duration", "question": "How long is phase 1?", "expected": "answer",
            "gold": [], "nuggets": [], "as_of": "2026-11-21"}  # fmt: skip
    (folder / "q.jsonl").write_text(json.dumps(line | {"expected": "refuse", "kind": "absent"}) + "\n")
    with advisor_over(open_sound(bench.index)) as advisor:
        expect(len([*evaluate(advisor, read_cases(folder / "q.jsonl"))]) == 1, "no row")


def _serve_and_ask(folder: Path) -> None:
    """The page in this process, so that what it calls is seen."""
    from advisor.web.serve import serve

    port: list[int] = []
    with open_conversations(folder / "c.db") as conversations:
        advisor = Gate(conversations)
        page = threading.Thread(
            target=serve, args=(advisor,), daemon=True,
            kwargs={"host": "127.0.0.1", "port": 0, "announce": lambda line: port.append(port_in(line))},
        )  # fmt: skip
        page.start()
        while not port:
            time.sleep(0.05)
        still_answers(port[0])
        whole(port[0], "/")
