// One-time links: a signature over one notification by a key of the data folder. It names nothing, and opens that one incident to be taken.
import { createHash, createHmac } from 'node:crypto';
import { keyOf } from '#console/access/secret-box.ts';

/** How long a link may be used: a weekend and the days around it. */
export const ACK_LIFE_MS = 7 * 86_400_000;

export interface AckKey {
  /** 43 characters; the same for the same notification, so that a message that is tried again has the same link. */
  token(notification: string): string;
}

export function ackKey(file: string): AckKey {
  const key = keyOf(file);
  return {
    token: (notification) => createHmac('sha256', key).update(`acknowledge:${notification}`).digest('base64url'),
  };
}

/** The database holds this alone: whoever reads it cannot take anything. */
export const ackHash = (token: string): string => createHash('sha256').update(token).digest('hex');
