"""`advisor mcp`: the advisor as tools of an assistant, by the Model Context Protocol over standard input and output.

Owns the wire: what a tool gives becomes text and data, what goes wrong one line. Standard output belongs to the
protocol, the log goes to standard error. Knows nothing of what the tools do (`cli.tools`).
"""

import logging
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from importlib.util import find_spec
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import typer

from advisor import __version__
from advisor.cli.options import GeneratorName, IndexDir, note, read_settings
from advisor.cli.parts import open_forgetful, parts_of
from advisor.errors import AdvisorError, UsageError

if TYPE_CHECKING:
    from advisor.cli.tools import Told, Tools

log = logging.getLogger(__name__)

MISSING = (
    "the package mcp, version 2.3 or newer, is not installed: it comes with the extra career-advisor[mcp]; "
    'run pip install ".[mcp]" in the folder of the project'
)
_INSTRUCTIONS = (
    "Career advice from roadmap documents that lie on this machine. Every statement carries the number of its source: "
    "pass these on, and say nothing in their name that they do not. Start with `ask`; `plan` makes a dated study plan, "
    "`compare` sets careers side by side, `search` shows the passages themselves. The first call takes some seconds."
)
_UNEXPECTED = "something went wrong inside the advisor; its log, on standard error, tells where"
_HELP_ADDRESS = "For further information visit"


def mcp(context: typer.Context, generator: GeneratorName = None, index: IndexDir = None) -> None:
    """Serve ask, search, plan and compare as tools to an assistant, over standard input and output.

    Example, in the assistant's settings: command advisor, arguments mcp --index /path/to/index

    It needs the extra: pip install ".[mcp]"
    """
    parts, settings = parts_of(context), read_settings(index_dir=index, generator=generator)
    if not _is_installed():
        raise UsageError(MISSING)
    from advisor.cli.tools import Tools
    from advisor.web.question_log import logging_to_stderr

    if sys.stdin.isatty():
        note("advisor mcp: an assistant starts this and talks to it over standard input; Ctrl-C ends it")
    tools = Tools(lambda chosen: open_forgetful(parts, chosen), settings)
    with logging_to_stderr("text"):
        _server(tools).run("stdio")


def _is_installed() -> bool:
    """Whether the extra is there, in a version that has what is used of it."""
    try:
        return find_spec("mcp.server.mcpserver") is not None
    except ModuleNotFoundError:
        return False


def _server(tools: "Tools") -> Any:
    """The server with its tools, not yet running."""
    from mcp.server.mcpserver import MCPServer
    from mcp.types import ToolAnnotations

    server = MCPServer(
        "career-advisor", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING", middleware=[_one_line]
    )
    reads_only = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (tools.ask, tools.search, tools.plan, tools.compare):
        words = cleandoc(tool.__doc__ or "")
        server.add_tool(_carried(tool), description=words, annotations=reads_only, structured_output=False)
    return server


def _carried(tool: "Callable[..., Told]") -> Callable[..., Any]:
    """The tool as the protocol carries it; its errors are lines that an assistant can act on."""
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import CallToolResult, TextContent

    @wraps(tool)
    def call(**given: Any) -> Any:
        try:
            told = tool(**given)
        except AdvisorError as error:
            raise ToolError(" ".join(str(error).split())) from error
        except Exception as error:  # an edge of the program: the log gets the place, the assistant one line
            log.exception("a tool failed")
            raise ToolError(_UNEXPECTED) from error
        return CallToolResult(content=[TextContent(type="text", text=told.text)], structured_content=told.data)

    return call


async def _one_line(context: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
    """Errors of the library itself, about arguments that do not fit, on one line as well; the result as on the wire."""
    result = await call_next(context)
    if not isinstance(result, dict) or not result.get("isError"):
        return result
    return result | {"content": [part | {"text": _shortened(part["text"])} for part in result["content"]]}


def _shortened(text: str) -> str:
    kept = (line for line in text.splitlines() if not line.strip().startswith(_HELP_ADDRESS))
    return " ".join(" ".join(kept).split())
