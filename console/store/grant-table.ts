// The table of what each person may do, or must not.
import type { RoleName } from '#shared/model/grant.ts';

/** What a person may do, or must not. */
export interface PersonGrantTable {
  id: string;
  person_id: string;
  effect: 'allow' | 'deny';
  role: RoleName | null;
  /** A JSON list of patterns; empty where it is a role. */
  verbs: string;
  over_kind: string;
  over_id: string | null;
  from_at: number | null;
  until_at: number | null;
  hours: string | null;
  created_at: number;
}
