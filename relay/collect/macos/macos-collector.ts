// macOS. Unproven: scripts and readers are tested against composed answers only, never against a real device.

import { bsdColdScript } from '#relay/collect/bsd-cold-script.ts';
import type { Collector } from '#relay/collect/collector.ts';
import { parseBsdCold } from '#relay/collect/parse-bsd-cold.ts';
import { scriptedCollector } from '#relay/collect/scripted-collector.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { macosHotScript } from './hot-script.ts';
import { parseMacosHot } from './parse-hot.ts';

export const macosCollector = (random: RandomBytes): Collector =>
  scriptedCollector(
    {
      system: 'macos',
      hot: { script: macosHotScript, read: parseMacosHot },
      cold: { script: bsdColdScript('macos'), read: (sections) => parseBsdCold(sections, 'macos') },
    },
    random,
  );
