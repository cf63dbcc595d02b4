"""The program's own files, as text."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
Modules = dict[str, str]  # Dotted name to source.


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(under: str = "monitor") -> Modules:
    """Every module below a folder, without the migrations, which Django writes."""
    return {
        dotted(path): path.read_text()
        for path in sorted((ROOT / under).rglob("*.py"))
        if "migrations" not in path.parts
    }


def rules() -> Modules:
    """The modules of the clinical core in which only named signs and words stand."""
    rooms = ("patterns", "grading", "signs")
    return {
        name: source
        for name, source in modules("monitor/clinical").items()
        if name.removeprefix("monitor.clinical.").startswith(rooms)
    }


def templates() -> dict[str, str]:
    folder = ROOT / "templates"
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*.html"))
    }
