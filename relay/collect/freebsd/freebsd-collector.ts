// FreeBSD. Unproven: scripts and readers are tested against composed answers only, never against a real device.

import { bsdColdScript } from '#relay/collect/bsd-cold-script.ts';
import type { Collector } from '#relay/collect/collector.ts';
import { parseBsdCold } from '#relay/collect/parse-bsd-cold.ts';
import { scriptedCollector } from '#relay/collect/scripted-collector.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { freebsdHotScript } from './hot-script.ts';
import { parseFreebsdHot } from './parse-hot.ts';

export const freebsdCollector = (random: RandomBytes): Collector =>
  scriptedCollector(
    {
      system: 'freebsd',
      hot: { script: freebsdHotScript, read: parseFreebsdHot },
      cold: { script: bsdColdScript('freebsd'), read: (sections) => parseBsdCold(sections, 'freebsd') },
    },
    random,
  );
