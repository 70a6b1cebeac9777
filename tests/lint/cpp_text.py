"""What the lint scripts share: finding the sources, blanking comments and literals, and cutting C++ into tokens."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

_LITERAL = re.compile(
    r"""(?P<line>//[^\n]*(?:\\\n[^\n]*)*)
      | (?P<block>/\*.*?\*/)
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<char>(?<![0-9A-Za-z_])(?:u8|[uUL])?'(?:[^'\\\n]|\\.)+')
    """,
    re.VERBOSE | re.DOTALL,
)
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d(?:[\w.']|[eEpP][+-])*|::|->|&&|\|\||\"\"|''|\S")


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """`text` with comments blanked and literals emptied; lines keep their numbers and columns."""

    def replace(match):
        found = match.group(0)
        if match.lastgroup in ("line", "block"):
            return _blank(found)
        quote = "'" if match.group("char") else '"'
        return quote + _blank(found[1:-1]) + quote

    text = _LITERAL.sub(replace, text)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: _blank(m.group(0)), text, flags=re.MULTILINE)


class Token:
    __slots__ = ("text", "line")

    def __init__(self, text, line):
        self.text = text
        self.line = line

    def is_name(self):
        return self.text[0].isalpha() or self.text[0] == "_"


def tokens(text):
    """The tokens of `text`; a literal becomes one empty "" or ''."""
    code = re.sub(r"\"\s*\"|' *'", lambda m: m.group(0)[0] * 2 + m.group(0)[1:-1].replace(" ", ""), code_only(text))
    found = []
    line = 1
    at = 0
    for match in _TOKEN.finditer(code):
        line += code.count("\n", at, match.start())
        at = match.start()
        found.append(Token(match.group(0), line))
    return found


def matching_open(found, close):
    """The index of the bracket that the one at index `close` closes; -1 if there is none."""
    pairs = {")": "(", "]": "[", "}": "{"}
    opening, closing = pairs[found[close].text], found[close].text
    depth = 0
    for index in range(close, -1, -1):
        if found[index].text == closing:
            depth += 1
        elif found[index].text == opening:
            depth -= 1
            if depth == 0:
                return index
    return -1


def sources(folders, suffixes=(".cpp", ".hpp"), root=ROOT):
    """The files below `folders` (relative to the root), sorted."""
    found = []
    for folder in folders:
        base = root / folder
        found += [base] if base.is_file() else [f for f in base.rglob("*") if f.is_file() and f.suffix in suffixes]
    return sorted(found)


def report(name, problems, checked):
    """Prints what was found and returns the exit code."""
    for problem in problems:
        print(problem)
    print(f"{name}: {checked} files, " + (f"{len(problems)} problems" if problems else "clean"))
    return 1 if problems else 0


def shown(path, root=ROOT):
    """`path` as a person would type it at the root."""
    try:
        return str(pathlib.Path(path).relative_to(root))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    sys.exit("cpp_text.py is a module of the lint scripts; run ./dev lint")
