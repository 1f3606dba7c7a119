// Which right a page asks for: that of its first read, or of what its form is for.
import { pageOf } from '#console/web/src/shell/pages.ts';

/** Pages that are a form: whoever may not send it need not fill it in. */
const FORMS: Readonly<Record<string, string>> = {
  '/devices/new': 'device.write',
  '/import': 'device.import',
  '/orders/new': 'action.submit',
  '/standing/new': 'standing.write',
  '/credentials/seal': 'credential.write',
};

/** Undefined for a page that is everybody's, or none of ours. */
export const rightOfPage = (path: string): string | undefined => FORMS[path] ?? pageOf(path)?.permission;
