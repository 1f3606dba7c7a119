// Linux: one script for the counters, one for the inventory.

import type { Collector } from '#relay/collect/collector.ts';
import { scriptedCollector } from '#relay/collect/scripted-collector.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { linuxColdScript } from './cold-script.ts';
import { linuxHotScript } from './hot-script.ts';
import { parseLinuxCold } from './parse-cold.ts';
import { parseLinuxHot } from './parse-hot.ts';

export const linuxCollector = (random: RandomBytes): Collector =>
  scriptedCollector(
    {
      system: 'linux',
      hot: { script: linuxHotScript, read: parseLinuxHot },
      cold: { script: linuxColdScript, read: parseLinuxCold },
    },
    random,
  );
