// A reporter of node's test runner: one line of JSON for each test, suites themselves left out.
export default async function* outcomes(source) {
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    const outcome = data.skip !== undefined ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    yield `${JSON.stringify({ outcome, name: data.name })}\n`;
  }
}
