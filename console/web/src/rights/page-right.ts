// Which right a page asks for: that of its first read, or of what its form is for.
import { pageOf } from '#console/web/src/shell/pages.ts';

/** Pages that are a form, or show other things than the page above them: whoever may not send or read those need not come. */
const FORMS: Readonly<Record<string, string>> = {
  '/devices/new': 'device.write',
  '/import': 'device.import',
  '/orders/new': 'action.submit',
  '/standing/new': 'standing.write',
  '/notifications/routes': 'notify.read',
  '/notifications/escalations': 'notify.read',
  '/notifications/on-call': 'notify.read',
  '/notifications/contacts': 'notify.read',
  '/notifications/channels': 'notify.read',
  '/credentials/seal': 'credential.write',
};

/** Undefined for a page that is everybody's, or none of ours. */
export const rightOfPage = (path: string): string | undefined => FORMS[path] ?? pageOf(path)?.permission;
