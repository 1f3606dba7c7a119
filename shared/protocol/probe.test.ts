// The largest answers that the schemas allow fit their frames, so that nothing a relay finds can end its link.
import { expect, test } from 'vitest';
import { PROBED_PORTS, type ProbeResult } from '#shared/model/probe.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { FrameOf } from './frame.ts';
import { decodeFrame, encodeFrame } from './wire-codec.ts';

const MS = 1_234.567_891;
const MOST = Number.MAX_SAFE_INTEGER;
const relay = { from: 'relay', state: 'open' } as const;

test('a result with everything at its longest', () => {
  const ports = [...PROBED_PORTS, 65_535].map((port) => ({
    port,
    state: 'refused' as const,
    latencyMs: MS,
    greeting: '~'.repeat(255),
  }));
  const result: ProbeResult = {
    lookup: 'timed-out',
    addresses: Array.from({ length: 16 }, () => 'f'.repeat(45)),
    reverseName: 'n'.repeat(253),
    ping: { answered: false, method: 'icmp', bestMs: MS, averageMs: MS },
    ports,
    system: 'windows',
    suggestedTransport: 'local',
    suggestedPort: 65_535,
    durationMs: MS,
  };
  const frame: FrameOf<'PROBED'> = { id: MOST, type: 'PROBED', body: { kind: 'result', probe: MOST, result } };
  expect(decodeFrame(encodeFrame(frame), relay)).toEqual({ ok: true, frame });
});

test('a refusal of a thousand letters, three bytes each', () => {
  const body = { kind: 'refusal', probe: MOST, code: 'rate-limited', message: '\u20ac'.repeat(1_000) } as const;
  const frame: FrameOf<'PROBED'> = { id: MOST, type: 'PROBED', body };
  expect(decodeFrame(encodeFrame(frame), relay)).toEqual({ ok: true, frame });
});

test('a name of 253 letters is asked for', () => {
  const body = { probe: MOST, address: 'n'.repeat(253), port: 65_535 };
  const frame: FrameOf<'PROBE'> = { id: MOST, type: 'PROBE', body };
  expect(decodeFrame(encodeFrame(frame), { from: 'console', state: 'open' })).toEqual({ ok: true, frame });
});

test.each(['-oProxyCommand=x', '10.0.0.1 -a', '[::1]', 'fe80::1%eth0', '../x', 'a\u0000b', ''])(
  '%j is no address',
  (address) => {
    const frame: FrameOf<'PROBE'> = { id: 1, type: 'PROBE', body: { probe: 1, address } };
    const decoded = decodeFrame(encodeFrame(frame), { from: 'console', state: 'open' });
    expect(decoded).toMatchObject({ ok: false, code: 'frame-malformed', message: expect.stringContaining('address') });
  },
);

test('a report with every number at its largest is below a kilobyte', () => {
  const body: RelayHealth = {
    at: MOST,
    uptimeMs: MOST,
    cpuRatio: MS,
    rssBytes: MOST,
    heapBytes: MOST,
    diskFreeBytes: MOST,
    spoolBytes: MOST,
    spoolQuotaBytes: MOST,
    devices: MOST,
    failing: MOST,
    pollsDue: MOST,
    pollsPerMinute: MOST,
    pollLagMs: MOST,
    lanes: [0, 1, 2, 3].map((lane) => ({ lane, kept: MOST })),
    nodeVersion: 'v'.repeat(40),
    certificateExpiresAt: MOST,
  };
  const frame: FrameOf<'HEALTH'> = { id: MOST, type: 'HEALTH', body };
  expect(encodeFrame(frame).length).toBeLessThan(1_024);
  expect(decodeFrame(encodeFrame(frame), relay)).toEqual({ ok: true, frame });
});
