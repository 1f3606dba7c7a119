// How far an order came on a device, in words.
import { t } from './text.ts';

const STATES = [
  'queued',
  'sent',
  'accepted',
  'started',
  'succeeded',
  'failed',
  'expired',
  'refused',
  'cancelled',
  'halted',
] as const;

export function stateText(state: string): string {
  const known = STATES.find((one) => one === state);
  return known === undefined ? t('state_unknown') : t(`state_${known}`);
}
