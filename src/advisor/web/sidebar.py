"""The list of a learner's conversations: to find, open, rename, take along and delete them; and the panel about them.

Owns how the list is drawn. Knows nothing of what becomes of a question (`page`) or of how a conversation is kept.
"""

import secrets
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from advisor.errors import AdvisorError
from advisor.memory import TITLE_CHARS, Conversations
from advisor.records import Conversation, Profile
from advisor.text import visible
from advisor.web.about_me import AboutMe, add_about_me
from advisor.web.downloads import Downloads
from advisor.web.markup import one_line
from advisor.web.owner import is_owner
from advisor.web.page import EVERY, Live, Page, Update, quick, quick_live
from advisor.web.plan_page import careers_of
from advisor.web.talk import Answering
from advisor.web.transcript import conversation_markdown, file_stem

_WORDS_CHARS = 100


@dataclass(frozen=True, slots=True)
class _List:
    """The list with all that it needs to be drawn."""

    page: Page
    about: AboutMe
    downloads: Downloads
    words: gr.Textbox
    renamed: gr.State  # the conversation that is given another title; empty where none is
    file: gr.DownloadButton  # unseen; `sidebar.html` presses it once its name has changed

    # --- what the controls do ---

    def rename(self, live: Live, conversation: str, title: str) -> Update:
        """Give a conversation another title; the screen stays as it is."""
        store: Conversations = self.page.advisor.conversations
        store.rename(conversation, title, owner=live.owner)
        return {self.page.parts.past: store.list(live.owner), self.renamed: ""}

    def begin(self, conversation: str) -> Update:
        """Ask for another title."""
        return {self.renamed: conversation, self.page.parts.doomed: ""}

    def doom(self, conversation: str) -> Update:
        """Ask whether it is to be deleted."""
        return {self.renamed: "", self.page.parts.doomed: conversation}

    def delete(self, doomed: str, live: Live) -> Update:
        """Delete what was confirmed; with everything goes what the learner said of themselves."""
        update = self.page.delete(live, doomed)
        if doomed != EVERY:
            return update
        return update | self.about.filled(Profile(), careers_of(self.page.advisor))

    def export(self, one: Conversation, owner: object) -> Any:
        """A conversation as a file: the button that hands it out, under another name than before."""
        path = exported(self.page.advisor, self.downloads, one, owner)
        return gr.DownloadButton(secrets.token_hex(8), value=path)


def found(advisor: Answering, past: tuple[Conversation, ...], wanted: str, owner: object) -> tuple[Conversation, ...]:
    """The conversations to be listed: all of them, or those that hold the words that are looked for."""
    if not wanted.strip() or not is_owner(owner):
        return past
    return advisor.conversations.find(wanted, owner=str(owner))


def exported(advisor: Answering, downloads: Downloads, one: Conversation, owner: object) -> Path:
    """A conversation of this owner as a file; without a word of it for somebody else."""
    turns = advisor.conversations.turns(one.id, owner=str(owner)) if is_owner(owner) else ()
    return downloads.write_text(f"{file_stem(one.title)}.md", conversation_markdown(one.title, turns))


def fill_sidebar(page: Page, blocks: gr.Blocks, *, downloads: Downloads) -> None:
    """Lay the sidebar out in the Blocks that is open, and connect it."""
    about = add_about_me(page.advisor, page.parts.owner, blocks)
    words = gr.Textbox(
        label="Search my conversations", placeholder="Search my conversations", show_label=False, lines=1, max_lines=1,
        max_length=_WORDS_CHARS, elem_id="ca-search",
    )  # fmt: skip
    file = gr.DownloadButton("", visible="hidden", elem_id="ca-file")
    listed = _List(page, about, downloads, words, gr.State(""), file)
    page.more += [listed.renamed, *about.outputs]
    _draw_when_changed(listed)


def _draw_when_changed(listed: _List) -> None:
    p = listed.page.parts

    def draw(
        past: tuple[Conversation, ...], current: str, doomed: str, renamed: str, wanted: str | None, owner: object
    ) -> None:
        wanted = wanted or ""
        shown = found(listed.page.advisor, past, wanted, owner)
        for one in shown:
            with gr.Row(elem_classes=["ca-past", *(["ca-current"] if one.id == current else [])]):
                if one.id == doomed:
                    _confirm(listed, one.id, "Delete it?")
                elif one.id == renamed:
                    _title_box(listed, one)
                else:
                    _past_row(listed, one)
        if past and not shown:
            gr.Markdown(nothing_found_html(wanted), latex_delimiters=[], elem_classes=["ca-small", "ca-none"])
        _end_of_list(listed, doomed if past else None)

    # One at a time, in the order of the changes. Where several states change at once Gradio's script asks for as many
    # drawings at once; side by side an older one could come last, and each would remove the buttons of the other.
    inputs = [p.past, p.conversation, p.doomed, listed.renamed, listed.words, p.owner]
    gr.render(inputs, concurrency_limit=1, show_progress="hidden")(draw)


def nothing_found_html(wanted: str) -> str:
    """The line that says so, what was looked for as text."""
    return one_line(f"<p>No conversation of yours holds “{escape(visible(wanted))}”.</p>")


def _end_of_list(listed: _List, doomed: str | None) -> None:
    """The way to delete everything; none where there is nothing."""
    if doomed == EVERY:
        with gr.Row(elem_classes=["ca-past"]):
            _confirm(listed, EVERY, "Delete all, and About me?")
    elif doomed is not None:
        every = gr.Button("Delete all conversations", size="sm", elem_classes=["ca-quiet", "ca-every"])
        quick(listed.page, every.click, partial(listed.doom, EVERY), [], key=(EVERY, "doom"))


def _past_row(listed: _List, one: Conversation) -> None:
    page = listed.page
    title = gr.Button(one.title, size="sm", elem_classes=["ca-quiet", "ca-open"])
    quick_live(page, title.click, partial(page.open, one.id), key=(one.id, "open"))
    rename = _sign("Rename")
    quick(page, rename.click, partial(listed.begin, one.id), [], key=(one.id, "begin"))
    export = _sign("Export")
    gr.on(export.click, _export_of(listed, one), page.parts.owner, listed.file, show_progress="hidden",
          api_visibility="private", concurrency_limit=None, key=(one.id, "export"))  # fmt: skip
    delete = _sign("Delete")
    quick(page, delete.click, partial(listed.doom, one.id), [], key=(one.id, "doom"))


def _export_of(listed: _List, one: Conversation) -> Any:
    def export(owner: object) -> Any:
        try:
            return listed.export(one, owner)
        except AdvisorError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return export


def _sign(word: str) -> gr.Button:
    """A small button that shows a sign and is called by its word."""
    return gr.Button(word, size="sm", scale=0, min_width=28, elem_classes=["ca-quiet", "ca-sign", f"ca-{word.lower()}"])


def _title_box(listed: _List, one: Conversation) -> None:
    """Where another title is typed."""
    title = gr.Textbox(
        one.title, label="Title", show_label=False, container=False, max_lines=1, max_length=TITLE_CHARS,
        autofocus=True, interactive=True, min_width=80, elem_classes=["ca-title-box"],
    )  # fmt: skip
    save = gr.Button("Save", size="sm", variant="primary", scale=0, min_width=52)
    keep = gr.Button("Cancel", size="sm", scale=0, min_width=56)

    def rename(live: Live, text: str) -> Update:
        return listed.rename(live, one.id, text)

    quick_live(listed.page, [title.submit, save.click], rename, [title], key=(one.id, "rename"))
    quick(listed.page, keep.click, partial(listed.begin, ""), [], key=(one.id, "cancel"))


def _confirm(listed: _List, doomed: str, question: str) -> None:
    """Two words between a learner and a loss."""
    gr.Markdown(question, elem_classes=["ca-confirm"])
    yes = gr.Button("Delete", size="sm", variant="stop", scale=0, min_width=64)
    quick_live(listed.page, yes.click, partial(listed.delete, doomed), key=(doomed, "delete"))
    keep = gr.Button("Keep", size="sm", scale=0, min_width=56)
    quick(listed.page, keep.click, partial(listed.doom, ""), [], key=(doomed, "keep"))
