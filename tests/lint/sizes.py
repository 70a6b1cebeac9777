#!/usr/bin/env python3
"""Fails on files over 600 lines and functions over 80; with --usual also names what passes 300 and 40, without failing.

usage: sizes.py [--usual] [FILE...]
"""
import pathlib
import sys

import cpp_text

FILE_LIMIT, FILE_USUAL = 600, 300
FUNCTION_LIMIT, FUNCTION_USUAL = 80, 40

_NOT_FUNCTIONS = {"if", "for", "while", "switch", "catch", "constexpr"}
_AFTER_PARAMETERS = {"const", "noexcept", "override", "final", "&", "&&", "try"}


def _is_function(found, brace):
    """Does the `{` at `brace`, which is in no function, open one's body?"""
    at = brace - 1
    start = at  # of the declaration
    while start >= 0 and found[start].text not in (";", "}", "{"):
        start -= 1
    head = [token.text for token in found[start + 1 : brace]]
    if not head or head[0] in ("namespace", "enum") or "(" not in head:
        return False
    while at >= 0 and found[at].text in _AFTER_PARAMETERS:
        at -= 1
    if found[at].text == ")":
        before = found[cpp_text.matching_open(found, at) - 1]
        return before.text not in _NOT_FUNCTIONS and "class" != head[0] and "struct" != head[0]
    if "->" in head:
        return "=" not in head[: head.index("->")]
    return False


def functions(text):
    """(name, first line, number of lines) of each function's body with its braces."""
    found = cpp_text.tokens(text)
    result = []
    depth = 0  # of braces inside a function
    opened = None
    for index, token in enumerate(found):
        if token.text == "{":
            if opened is not None:
                depth += 1
            elif _is_function(found, index) or _after_initialisers(found, index):
                opened, depth = index, 1
        elif token.text == "}" and opened is not None:
            depth -= 1
            if depth == 0:
                first = found[opened].line
                result.append((_name(found, opened), first, token.line - first + 1))
                opened = None
    return result


def _after_initialisers(found, brace):
    """`Type::Type(...) : member_{...} {`: the body comes after a brace that closes an initialiser."""
    if brace == 0 or found[brace - 1].text != "}":
        return False
    at = cpp_text.matching_open(found, brace - 1) - 1
    return at > 0 and found[at].is_name() and found[at - 1].text in (":", ",")


def _name(found, brace):
    at = brace - 1
    while at > 0 and found[at].text not in (";", "}", "{"):
        at -= 1
    for index in range(at + 1, brace):
        if found[index].text == "(" and found[index - 1].is_name():
            if found[index - 1].text.startswith("TEST"):
                return ".".join(t.text for t in found[index + 1 : index + 4] if t.is_name())
            return found[index - 1].text
    return "function"


def check_text(name, text):
    """(problems, remarks) of one source."""
    problems, remarks = [], []
    lines = text.count("\n")
    if lines > FILE_LIMIT:
        problems.append(f"{name}: {lines} lines, more than {FILE_LIMIT}: split it by concern")
    elif lines > FILE_USUAL:
        remarks.append(f"{name}: {lines} lines")
    if name.endswith((".cpp", ".hpp")):
        for function, line, length in functions(text):
            if length > FUNCTION_LIMIT:
                problems.append(f"{name}:{line}: {function} has {length} lines, more than {FUNCTION_LIMIT}")
            elif length > FUNCTION_USUAL:
                remarks.append(f"{name}:{line}: {function} has {length} lines")
    return problems, remarks


def main(arguments):
    usual = "--usual" in arguments
    files = [pathlib.Path(a) for a in arguments if a != "--usual"]
    files = files or cpp_text.sources(["src", "include", "tests", "dev"], (".cpp", ".hpp", ".py"))
    problems, remarks = [], []
    for file in files:
        found, noted = check_text(cpp_text.shown(file), file.read_text(encoding="utf-8"))
        problems += found
        remarks += noted
    if usual:
        print("\n".join(remarks))
    return cpp_text.report("sizes", problems, len(files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
