// What of the log of notifications is shown, as it stands in the URL.
import type { Notification } from './notify-data.ts';

export type NotificationState = Notification['state'];
export const NOTIFICATION_STATES: readonly NotificationState[] = [
  'waiting',
  'held',
  'sending',
  'retrying',
  'sent',
  'dead',
  'dropped',
];

export interface NotificationsSearch {
  state?: NotificationState;
  contact?: string;
  channel?: string;
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const idOf = (value: unknown): string | undefined => (typeof value === 'string' && ID.test(value) ? value : undefined);

/** Anything may stand in a URL. */
export function parseNotificationsSearch(raw: Record<string, unknown>): NotificationsSearch {
  const state = NOTIFICATION_STATES.find((one) => one === raw['state']);
  const [contact, channel] = [idOf(raw['contact']), idOf(raw['channel'])];
  return {
    ...(state !== undefined && { state }),
    ...(contact !== undefined && { contact }),
    ...(channel !== undefined && { channel }),
  };
}
