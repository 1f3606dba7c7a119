// The probe of each kind of simple condition.
import type { SimpleCondition } from '#shared/model/check.ts';
import { AgeProbe } from './age-probe.ts';
import { EventProbe } from './event-probe.ts';
import type { Probe } from './probe.ts';
import { AbsenceProbe, SeriesProbe } from './series-probe.ts';
import { StateProbe } from './state-probe.ts';

/** `pollMs`: how often the device is polled. */
export function makeProbe(when: SimpleCondition, pollMs: number): Probe {
  switch (when.kind) {
    case 'threshold':
    case 'rate':
      return new SeriesProbe(when, pollMs);
    case 'absence':
      return new AbsenceProbe(when);
    case 'state':
      return new StateProbe(when);
    case 'events':
      return new EventProbe(when);
    case 'age':
      return new AgeProbe(when);
  }
}
