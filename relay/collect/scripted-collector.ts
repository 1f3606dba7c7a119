// A collector made of two scripts and the functions that read their answers.
import type { RandomBytes } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { ColdReading, Collector, HotReading } from './collector.ts';
import type { Sections } from './framed-output.ts';
import { type CollectorScript, runScript } from './run-script.ts';

export interface ScriptPair {
  system: DeviceSystem;
  hot: { script: CollectorScript['text']; read: (sections: Sections) => HotReading };
  cold: { script: CollectorScript['text']; read: (sections: Sections) => ColdReading };
}

/** 5 s for df, 2 s for a service manager, and a loaded device. */
const HOT_TIMEOUT_MS = 10_000;
/** Answers of 64 instances of each kind take about 30 kB; a hostile device ends here. */
const HOT_OUTPUT_BYTES = 256 * 1_024;
/** A package database on a slow disk takes its 20 s, and as long to say what waits; eight dead services take 24 s. The inventory's own limit is 240 s. */
const COLD_TIMEOUT_MS = 180_000;
/** 5,000 packages and 1,000 services take about 0.5 MB. */
const COLD_OUTPUT_BYTES = 2 * 1_024 * 1_024;

export function scriptedCollector({ system, hot, cold }: ScriptPair, random: RandomBytes): Collector {
  const hotScript = { system, text: hot.script, timeoutMs: HOT_TIMEOUT_MS, maxOutputBytes: HOT_OUTPUT_BYTES };
  const coldScript = { system, text: cold.script, timeoutMs: COLD_TIMEOUT_MS, maxOutputBytes: COLD_OUTPUT_BYTES };
  return {
    system,
    collectHot: async (session, signal) => {
      const sections = await runScript(hotScript, session, random, signal);
      return sections.ok ? succeed(hot.read(sections.value)) : sections;
    },
    collectCold: async (session, signal) => {
      const sections = await runScript(coldScript, session, random, signal);
      return sections.ok ? succeed(cold.read(sections.value)) : sections;
    },
  };
}
