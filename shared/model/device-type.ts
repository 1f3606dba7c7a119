// What kind of thing a device is.
import { z } from 'zod';

export const DEVICE_TYPES = [
  'server',
  'workstation',
  'laptop',
  'vm',
  'network',
  'mobile',
  'container',
  'other',
  'unknown',
] as const;
export const DeviceType = z.enum(DEVICE_TYPES);
export type DeviceType = z.infer<typeof DeviceType>;
