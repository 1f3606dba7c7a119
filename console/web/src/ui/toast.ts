// Where any page says what it did: `toast.say('Saved')`, `toast.fault(error)`.
import { faultText } from '#console/web/src/api/fault.ts';
import { ToastQueue } from './toast-queue.ts';

const queue = new ToastQueue();

export const toast = {
  queue,
  say: (text: string, options: { onUndo?: () => void } = {}) => queue.say(text, options),
  /** `what` says what was tried: "The site was not saved." The reason follows it. */
  fault: (error: unknown, what = '') => queue.warn(`${what} ${faultText(error)}`.trim()),
};
