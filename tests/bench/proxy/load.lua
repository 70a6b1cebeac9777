-- The load that wrk makes: one request, again and again. Arguments: the file with the body, how long a connection rests
-- before each request (milliseconds, on average), then pairs of a header field's name and value. Ends with a line of JSON;
-- times are in microseconds.
function init(arguments)
  local rest = tonumber(arguments[2])
  if rest > 0 then
    function delay() return math.random(0, 2 * rest) end
  end
  local file = assert(io.open(arguments[1], "rb"))
  wrk.body = file:read("*a")
  file:close()
  wrk.method = "POST"
  for i = 3, #arguments - 1, 2 do
    wrk.headers[arguments[i]] = arguments[i + 1]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"bytes":%d,"duration_us":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,'
      .. '"p50_us":%d,"p90_us":%d,"p99_us":%d}\n',
    summary.requests, summary.bytes, summary.duration, errors.connect, errors.read, errors.write, errors.status,
    errors.timeout, latency:percentile(50), latency:percentile(90), latency:percentile(99)))
end
