// P1: what a relay's watch found of a device, told where it was judged: opened, changed and cleared under one id.
import { z } from 'zod';
import { DeviceId, FindingId, WindowId } from '#shared/base/id.ts';
import { SEVERITIES } from './alert-words.ts';
import { CheckId } from './check.ts';

const At = z.int().nonnegative();

export const Finding = z.strictObject({
  type: z.literal('finding'),
  /** Made when the check first failed; the same in all records of one failure. */
  finding: FindingId,
  device: DeviceId,
  check: CheckId,
  /** Disk, interface, service, certificate, event: what of the device it is about; "" is the device. Hostile text. */
  instance: z.string().max(255),
  /** `open` once, `change` where its severity, its count or its silence changed, `clear` once. Told again after a crash, each is taken once. */
  state: z.enum(['open', 'change', 'clear']),
  /** Rises by one with each record of one finding, from 1: an older record that comes later changes nothing. */
  step: z.int().min(1),
  severity: z.enum(SEVERITIES),
  /** The relay's time of the record. */
  at: At,
  /** When the condition began to hold, or, where it cleared, when it ceased. True times, however late the record comes. */
  since: At,
  value: z.number().optional(),
  limit: z.number().optional(),
  unit: z.string().max(16).optional(),
  /** Plain words with the evidence; device output in it is hostile and cut by its maker. */
  detail: z.string().max(500),
  /** How often it was seen again since it opened. */
  count: z.int().min(1),
  /** A maintenance window covers it: it is kept and told to nobody. */
  muted: WindowId.optional(),
  /** The device it depends on is down: this one is a child of that outage. */
  because: DeviceId.optional(),
  /** The relay itself told its local on-call, with the console away. */
  toldAt: At.optional(),
});
export type Finding = z.infer<typeof Finding>;
