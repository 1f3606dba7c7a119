// Linux: one script for the counters, one for the inventory.

import type { Collector } from '#relay/collect/collector.ts';
import { type CollectorScript, runScript } from '#relay/collect/run-script.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import { COLD_OUTPUT_BYTES, linuxColdScript } from './cold-script.ts';
import { HOT_OUTPUT_BYTES, linuxHotScript } from './hot-script.ts';
import { parseLinuxCold } from './parse-cold.ts';
import { parseLinuxHot } from './parse-hot.ts';

const HOT: CollectorScript = {
  system: 'linux',
  text: linuxHotScript,
  // 5 s for df, 2 s for systemctl, and a loaded device.
  timeoutMs: 10_000,
  maxOutputBytes: HOT_OUTPUT_BYTES,
};

const COLD: CollectorScript = {
  system: 'linux',
  text: linuxColdScript,
  // A package database on a slow disk takes its 20 s.
  timeoutMs: 55_000,
  maxOutputBytes: COLD_OUTPUT_BYTES,
};

export const linuxCollector = (random: RandomBytes): Collector => ({
  system: 'linux',
  collectHot: async (session, signal) => {
    const sections = await runScript(HOT, session, random, signal);
    return sections.ok ? succeed(parseLinuxHot(sections.value)) : sections;
  },
  collectCold: async (session, signal) => {
    const sections = await runScript(COLD, session, random, signal);
    return sections.ok ? succeed(parseLinuxCold(sections.value)) : sections;
  },
});
