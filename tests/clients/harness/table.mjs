// Results of node's test runner, counted and set out as client x provider.
import { readFile } from 'node:fs/promises';

// What is counted of one run: the reporter beside this file wrote a line for each test.
export async function readCounts(file) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const line of text.split('\n').filter(Boolean)) ++counts[JSON.parse(line).outcome];
  return counts;
}

export function cell(counts) {
  if (!counts) return '-';
  const all = counts.passed + counts.failed;
  if (all === 0) return counts.skipped > 0 ? 'skipped' : 'FAILED (no test ran)';
  return counts.failed === 0 ? `${counts.passed} passed` : `FAILED ${counts.failed} of ${all}`;
}

export function isFailure(counts) {
  return counts.failed > 0 || counts.passed + counts.skipped === 0;
}

export function render(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => row.map((text, column) => text.padEnd(widths[column])).join('  ').trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
