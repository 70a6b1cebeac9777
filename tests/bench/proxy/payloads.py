"""What is sent and answered: the sizes are those of a short support question, its answer and its answer as a stream."""
import json

REQUEST_BYTES = 450
ANSWER_BYTES = 650
STREAM_EVENTS = 31  # 28 of text, the finish, the usage and [DONE]

_MODEL = "gpt-5.4-nano"  # has a row in the built-in price book
_CREATED = 1790000000
_WORDS = (
    "You can return anything you bought from us within thirty days of delivery. Please keep the receipt, pack the item "
    "safely and tell us your order number by mail."
).split()


def _compact(value):
    return json.dumps(value, separators=(",", ":"))


def _padded(size, make):
    """make(text) with as much text as makes it exactly `size` bytes long."""
    prose = " ".join(_WORDS) + " "
    missing = size - len(make(""))
    if missing < 0:
        raise ValueError(f"{size} bytes are too few: {-missing} more are needed")
    return make((prose * (missing // len(prose) + 1))[:missing])


def chat_request(stream):
    """The body of a chat completion, `model: auto`; with `stream` it also asks for the usage, as most clients do."""

    def make(text):
        body = {
            "model": "auto",
            "messages": [
                {"role": "system", "content": "You answer customers of a small shop, politely and briefly."},
                {"role": "user", "content": "What are your rules for returns? The shop's page says: " + text},
            ],
            "temperature": 0.2,
            "max_tokens": 300,
        }
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return _compact(body)

    return _padded(REQUEST_BYTES, make)


_USAGE = {
    "prompt_tokens": 98,
    "completion_tokens": 64,
    "total_tokens": 162,
    "prompt_tokens_details": {"cached_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0},
}


def chat_answer():
    def make(text):
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return _compact(_envelope("chat.completion", [choice]) | {"usage": _USAGE})

    return _padded(ANSWER_BYTES, make)


def _envelope(kind, choices):
    return {"id": "chatcmpl-CR8pXbT0vK3n", "object": kind, "created": _CREATED, "model": _MODEL, "choices": choices}


def _chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _compact(_envelope("chat.completion.chunk", [choice]) | {"usage": None})


def event_stream():
    texts = _WORDS[: STREAM_EVENTS - 3]
    events = [_chunk({"role": "assistant", "content": texts[0]})]
    events += [_chunk({"content": " " + text}) for text in texts[1:]]
    events.append(_chunk({}, "stop"))
    events.append(_compact(_envelope("chat.completion.chunk", []) | {"usage": _USAGE}))
    events.append("[DONE]")
    return "".join(f"data: {event}\n\n" for event in events)


def data_of(stream):
    """The data of each event of a stream."""
    return [line[len("data: ") :] for line in stream.splitlines() if line.startswith("data: ")]
