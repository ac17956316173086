"""`advisor settings`: what is in force here, and how to set it otherwise."""

import typer

from advisor.cli.options import AsJson, IndexDir, json_text, read_settings


def settings(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Show every setting, its value here, and the variable that sets it.

    Example: advisor settings
    """
    effective = read_settings(index_dir=index)
    values = effective.model_dump(mode="json")
    if as_json:
        typer.echo(json_text(values))
        return
    for name, field in type(effective).model_fields.items():
        typer.echo(f"ADVISOR_{name.upper()}={values[name]}\n    {field.description}")
