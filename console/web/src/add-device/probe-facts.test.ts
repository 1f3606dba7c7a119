// A probe's answer in the order in which somebody asks.
import { expect, test } from 'vitest';
import { factsOf, portText } from './probe-facts.ts';
import type { Probed } from './use-probe.ts';

const probed = (more: Partial<Probed>): Probed => ({
  lookup: 'literal',
  addresses: ['10.0.0.1'],
  ping: { answered: false, method: 'icmp' },
  ports: [],
  system: 'unknown',
  durationMs: 1,
  ...more,
});

test('open ports are named, the others counted, the first greeting is told', () => {
  const ports: Probed['ports'] = [
    { port: 22, state: 'open', greeting: 'SSH-2.0-x' },
    { port: 80, state: 'refused' },
    { port: 443, state: 'silent' },
  ];
  const ping = { answered: true, method: 'icmp' as const, bestMs: 0.4 };
  expect(factsOf(probed({ ports, ping }))).toEqual({
    isAnswering: true,
    open: [22],
    refused: 1,
    silent: 1,
    greeting: 'SSH-2.0-x',
    pingMs: 0.4,
  });
});

test('a refusal is an answer, silence is none', () => {
  expect(factsOf(probed({ ports: [{ port: 22, state: 'refused' }] })).isAnswering).toBe(true);
  expect(factsOf(probed({ ports: [{ port: 22, state: 'silent' }] })).isAnswering).toBe(false);
});

test.each([
  [22, '22 SSH'],
  [2222, '2222'],
])('port %d is "%s"', (port, text) => expect(portText(port)).toBe(text));
