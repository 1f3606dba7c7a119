// The names of roles in the page's language.
import { t } from './text.ts';

const ROLES = ['owner', 'admin', 'technician', 'approver', 'auditor', 'viewer', 'customer'] as const;

/** A console of a later release may have more: they stand as it calls them. */
export function roleText(name: string): string {
  const role = ROLES.find((one) => one === name);
  return role === undefined ? name : t(`role_${role}`);
}
