#!/usr/bin/env python3
"""Finds coroutine forms that crash: GCC 12 destroys some temporaries of a statement that awaits twice (GCC bug 107288).

In a full expression that contains co_await, this reports
  - a braced temporary: f(Agg{a}), f({a, b}), make_unique<Agg>(Agg{}), Agg{}.member, ...
  - a lambda written in place that captures by value
and anywhere, a lambda that captures and is a coroutine itself (its captures die with it).
Cure: give it a name in the statement before, then std::move it. Some harmless forms are reported too; name them as well.

usage: await.py [FILE...]      without files: src and include of the project, and the tests
"""
import sys

import cpp_text

_BLOCK_BEFORE = {"else", "do", "try", "{", "}", ";", ":", "const", "noexcept", "override", "final", "mutable", "requires"}
_TYPE_KEYWORDS = {"class", "struct", "enum", "union", "namespace", "concept", "extern"}
_NOT_A_TYPE = {"return", "co_return", "co_await", "co_yield", "throw", "case", "new", "else", "goto", "typename", "operator"}
_TYPE_PARTS = {"::", "<", ">", ",", "&", "&&", "*", "const", "auto", "(", ")"}
_AWAITS = {"co_await", "co_yield", "co_return"}


class _Statement:
    def __init__(self, start):
        self.start = start  # index of its first token
        self.depth = 0  # of ( [ and braced initialisers
        self.awaits = False
        self.temporaries = []  # (line, what)


class _Scope:
    """A block, and the lambda it belongs to, if any."""

    def __init__(self, start, captures=None, line=0):
        self.statement = _Statement(start)
        self.captures = captures
        self.line = line
        self.is_coroutine = False


def _skip_trailing_return(found, index):
    """From the last token before a `{`, back over `-> Type` to the token before the arrow; the same index without one."""
    at = index
    while at >= 0 and (found[at].is_name() or found[at].text in _TYPE_PARTS):
        at -= 1
    if at >= 0 and found[at].text == "->":
        return at - 1
    return index


def _lambda_introducer(found, brace):
    """The index of the `[` if the `{` at `brace` opens a lambda's body; None otherwise."""
    at = _skip_trailing_return(found, brace - 1)
    while at >= 0 and found[at].text in ("mutable", "noexcept", "constexpr"):
        at -= 1
    if at >= 0 and found[at].text == ")":
        at = cpp_text.matching_open(found, at) - 1
        if at >= 0 and found[at].text == ">":  # a template parameter list
            while at >= 0 and found[at].text != "<":
                at -= 1
            at -= 1
    if at < 0 or found[at].text != "]":
        return None
    opening = cpp_text.matching_open(found, at)
    before = found[opening - 1] if opening > 0 else None
    if before is not None and (before.text in (")", "]") or (before.is_name() and before.text not in _NOT_A_TYPE)):
        return None  # a subscript
    if before is not None and before.text == "[":
        return None  # an attribute
    return opening


def _captures(found, opening):
    """The captures of the lambda that starts at `opening`, one list of words each."""
    parts = [[]]
    depth = 0
    for token in found[opening + 1 :]:
        if token.text == "]" and depth == 0:
            break
        depth += token.text in "([{" and len(token.text) == 1
        depth -= token.text in ")]}" and len(token.text) == 1
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token.text)
    return [part for part in parts if part]


def _by_value(captures):
    return any(part[0] != "&" and part != ["this"] for part in captures)


def _opens_block(found, brace, statement):
    """Does the `{` at `brace` open a block (and not an initialiser)?"""
    if brace == 0 or brace == statement.start:
        return True
    before = found[brace - 1]
    if statement.depth > 0:
        return False
    if before.text == ")" or before.text in _BLOCK_BEFORE:
        return True
    head = found[statement.start : brace]
    if any(token.text in _TYPE_KEYWORDS for token in head):
        return True
    arrow = _skip_trailing_return(found, brace - 1)
    return arrow != brace - 1 and found[arrow].text in (")", "const", "noexcept", "override")


def _ends_condition(found, close):
    """Does the `)` at `close` end the head of an if, while, for or switch (whose expressions are full ones)?"""
    opening = cpp_text.matching_open(found, close)
    return opening > 0 and found[opening - 1].text in ("if", "while", "for", "switch", "constexpr")


def _names_an_object(found, brace, statement):
    """Is the initialiser at `brace` that of a declared object: `Type name{...}`?"""
    if statement.depth > 0 or brace - statement.start < 2 or not found[brace - 1].is_name():
        return False
    before = found[brace - 2]
    return (before.is_name() and before.text not in _NOT_A_TYPE) or before.text in (">", "&", "&&", "*")


def check_text(text, strict=True):
    """The problems in a source text as (line, message); a coroutine lambda that only refers is one if `strict`."""
    found = cpp_text.tokens(text)
    problems = []
    scopes = [_Scope(0)]
    braces = []  # what each open { is: "block" or "init"

    def end_statement(next_start):
        statement = scopes[-1].statement
        if statement.awaits:
            problems.extend((line, f"{what} in a statement that awaits: name it in the statement before")
                            for line, what in statement.temporaries)
        depth = statement.depth
        scopes[-1].statement = _Statement(next_start)
        scopes[-1].statement.depth = depth

    for index, token in enumerate(found):
        statement = scopes[-1].statement
        if token.text in _AWAITS:
            scopes[-1].is_coroutine = True
            statement.awaits = statement.awaits or token.text == "co_await"
        elif token.text in ("(", "["):
            statement.depth += 1
        elif token.text in (")", "]"):
            statement.depth = max(0, statement.depth - 1)
            if token.text == ")" and statement.depth == 0 and _ends_condition(found, index):
                end_statement(index + 1)
        elif token.text == ";":
            end_statement(index + 1)
        elif token.text == "{":
            opening = _lambda_introducer(found, index)
            if opening is not None:
                captures = _captures(found, opening)
                if _by_value(captures):
                    statement.temporaries.append((found[opening].line, "a lambda that captures by value"))
                braces.append("block")
                scopes.append(_Scope(index + 1, captures, found[opening].line))
            elif _opens_block(found, index, statement):
                end_statement(index + 1)
                braces.append("block")
                scopes.append(_Scope(index + 1))
            else:
                if not _names_an_object(found, index, statement):
                    statement.temporaries.append((token.line, "a braced temporary"))
                statement.depth += 1
                braces.append("init")
        elif token.text == "}":
            kind = braces.pop() if braces else "block"
            if kind == "init":
                statement.depth = max(0, statement.depth - 1)
                continue
            end_statement(index + 1)
            if len(scopes) == 1:
                continue
            closed = scopes.pop()
            if closed.captures is None:
                scopes[-1].is_coroutine = scopes[-1].is_coroutine or closed.is_coroutine
                if scopes[-1].statement.depth == 0:
                    scopes[-1].statement.start = index + 1
            elif closed.captures and closed.is_coroutine and (strict or _by_value(closed.captures)):
                problems.append((closed.line, "a coroutine lambda that captures: use a function with parameters"))
    return sorted(set(problems))


def main(arguments):
    files = [cpp_text.pathlib.Path(a) for a in arguments] or cpp_text.sources(["src", "include", "tests"])
    files = [f for f in files if "lint" not in f.parts]
    problems = []
    for file in files:
        # In a test the lambda lives as long as the loop that runs it.
        found = check_text(file.read_text(encoding="utf-8"), strict=not file.name.endswith("_test.cpp"))
        problems += [f"{cpp_text.shown(file)}:{line}: {message}" for line, message in found]
    return cpp_text.report("await", problems, len(files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
