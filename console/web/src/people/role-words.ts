// The roles that ship, from the widest down, and what each is for in one sentence.
import type { Role } from './people-data.ts';
import { t } from './text.ts';

export type RoleName = Role['name'];
export const ROLES = ['owner', 'admin', 'technician', 'approver', 'auditor', 'viewer', 'customer'] as const;

const SENTENCES = {
  owner: 'roleOwner',
  admin: 'roleAdmin',
  technician: 'roleTechnician',
  approver: 'roleApprover',
  auditor: 'roleAuditor',
  viewer: 'roleViewer',
  customer: 'roleCustomer',
} as const satisfies Record<RoleName, string>;

export const roleSentence = (role: RoleName): string => t(SENTENCES[role]);
