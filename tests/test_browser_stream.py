"""What a tab hears of its questions where the end of its stream and the next question cross, in a real Chromium."""

from collections.abc import Callable

from test_browser import Visit, browser, expect, pytestmark, server, visit

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert pytestmark
assert server
assert visit

# The last word of every stream takes its time, as on a busy machine.
SLOW_END = """
const { fetch } = window;
window.fetch = async (target, options) => {
  const response = await fetch(target, options);
  if (!String(target.url ?? target).includes("queue/data")) return response;
  const slow = new TransformStream({
    async transform(piece, out) {
      for (const told of piece.split(/(?<=\\n\\n)/)) {
        if (told.includes('"close_stream"')) await new Promise((done) => setTimeout(done, 1500));
        out.enqueue(told);
      }
    },
  });
  const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(slow);
  return new Response(body.pipeThrough(new TextEncoderStream()), response);
};
"""


def test_a_question_that_crosses_the_end_of_the_stream_is_answered(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.add_init_script(SLOW_END)
    one.reload()
    expect(one.page.get_by_label("Your question")).to_be_enabled()
    for number in (1, 2, 3):
        one.ask(f"How long is part {number}?")
        expect(one.page.locator(f"#answer-{number}.ca-rateable")).to_be_attached()
