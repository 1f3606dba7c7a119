// Reads how the relay is from its own process and rooms, each time it is asked.
import { statfsSync } from 'node:fs';
import type { Poller } from '#relay/poll/poller.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';

export interface HealthParts {
  clock: Clock;
  /** The data folder. */
  data: string;
  spool: Pick<Spool, 'stats'>;
  poller: Pick<Poller, 'stats'>;
  certificateExpiresAt: () => number | undefined;
  frozenAt?: () => number | undefined;
  breakGlassUntil?: () => number | undefined;
  /** Undefined where nothing is kept. */
  history?: () => { days: number; bytes: number } | undefined;
}

/** The processor's share is that since the call before, so one caller has one meter. */
export function relayHealth(parts: HealthParts): () => RelayHealth {
  const { clock, data, spool, poller } = parts;
  let before = { at: clock.monotonic(), cpu: process.cpuUsage() };
  return () => {
    const now = { at: clock.monotonic(), cpu: process.cpuUsage() };
    const cpuRatio = shareOfCore(before, now);
    before = now;
    const { lanes, bytes, quotaBytes } = spool.stats();
    const { devices, due, failing, pollLagMs, pollsPerMinute } = poller.stats();
    const memory = process.memoryUsage();
    const disk = statfsSync(data);
    const certificateExpiresAt = parts.certificateExpiresAt();
    const frozenAt = parts.frozenAt?.();
    const breakGlassUntil = parts.breakGlassUntil?.();
    const history = parts.history?.();
    return {
      at: clock.now(),
      uptimeMs: Math.round(process.uptime() * 1_000),
      cpuRatio,
      rssBytes: memory.rss,
      heapBytes: memory.heapUsed,
      // What a process without root's rights may still fill.
      diskFreeBytes: disk.bavail * disk.bsize,
      spoolBytes: bytes,
      spoolQuotaBytes: quotaBytes,
      devices,
      pollsDue: due,
      pollLagMs,
      pollsPerMinute,
      failing,
      lanes: lanes.map(({ lane, next, received }) => ({ lane, kept: Math.max(0, next - 1 - received) })),
      nodeVersion: process.version,
      ...(certificateExpiresAt === undefined ? {} : { certificateExpiresAt }),
      ...(frozenAt === undefined ? {} : { frozenAt }),
      ...(breakGlassUntil === undefined ? {} : { breakGlassUntil }),
      ...(history === undefined ? {} : { history: { days: history.days, bytes: history.bytes } }),
    };
  };
}

interface Reading {
  at: number;
  cpu: NodeJS.CpuUsage;
}

/** 1 is a whole core; two calls in one moment say nothing. */
export function shareOfCore(before: Reading, now: Reading): number {
  const wallMs = now.at - before.at;
  const cpuMs = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1_000;
  return wallMs <= 0 ? 0 : Math.max(0, Math.round((cpuMs / wallMs) * 1_000) / 1_000);
}
