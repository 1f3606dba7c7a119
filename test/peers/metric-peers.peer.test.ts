// The two servers that benches and mirrors are held against start, take a sample, give it back, and leave nothing.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { HttpPeer } from './http-peer.ts';
import { promtoolCheck, startPrometheus } from './prometheus.ts';
import { flushVictoriaMetrics, startVictoriaMetrics } from './victoria-metrics.ts';

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function query(peer: HttpPeer, expression: string, time: number): Promise<unknown> {
  const asked = new URLSearchParams({ query: expression, time: String(time) });
  const answer = await fetch(`${peer.url}/api/v1/query?${asked}`);
  return ((await answer.json()) as { data: { result: Array<{ value: unknown }> } }).data.result[0]?.value; // both servers' own form
}

test('VictoriaMetrics takes a line, gives it back, also after an end and a new start, and leaves nothing', async () => {
  const first = await startVictoriaMetrics();
  const wrote = await fetch(`${first.url}/write?precision=ms`, { method: 'POST', body: 'm,d=a v=7.25 1700000000000' });
  expect(wrote.status).toBe(204);
  await flushVictoriaMetrics(first);
  expect(await query(first, 'm_v{d="a"}', 1_700_000_001)).toEqual([1_700_000_001, '7.25']);
  await first.end();
  expect(isRunning(first.pid)).toBe(false);
  const second = await startVictoriaMetrics(first);
  expect(await query(second, 'm_v', 1_700_000_001)).toEqual([1_700_000_001, '7.25']);
  await second.stop();
  expect(isRunning(second.pid)).toBe(false);
  expect(existsSync(second.folder)).toBe(false);
});

test('Prometheus starts with nothing to scrape, answers, and leaves nothing', async () => {
  const peer = await startPrometheus();
  try {
    expect(await query(peer, 'vector(3)', 1_700_000_000)).toEqual([1_700_000_000, '3']);
  } finally {
    await peer.stop();
  }
  expect(isRunning(peer.pid)).toBe(false);
  expect(existsSync(peer.folder)).toBe(false);
});

test('promtool names what is wrong with an exposition, and is silent about a good one', () => {
  expect(promtoolCheck('# HELP a_total Things.\n# TYPE a_total counter\na_total{b="c"} 1\n')).toBe('');
  expect(promtoolCheck('# TYPE a counter\na 1\n')).toMatch(/help/i);
  expect(promtoolCheck('a{b=c} 1\n')).not.toBe('');
});
