// What kind of machine it is, in words; first the choice to leave it to the facts.
import type { DeviceType } from '#shared/model/device.ts';
import { t } from './text.ts';

export const DEVICE_TYPES = [
  'facts',
  'server',
  'workstation',
  'laptop',
  'vm',
  'network',
  'mobile',
  'container',
  'other',
] as const satisfies ReadonlyArray<DeviceType | 'facts'>;

const KEYS = {
  facts: 'typeFacts',
  server: 'typeServer',
  workstation: 'typeWorkstation',
  laptop: 'typeLaptop',
  vm: 'typeVm',
  network: 'typeNetwork',
  mobile: 'typeMobile',
  container: 'typeContainer',
  other: 'typeOther',
} as const;

export const typeText = (type: (typeof DEVICE_TYPES)[number]): string => t(KEYS[type]);
