// What every operation of the API declares beside its shape: the right it needs, how it is audited, how dangerous it is.
import { oc } from '@orpc/contract';

export interface OperationMeta {
  /** The right asked of `can()`; 'public' needs nobody signed in. */
  permission: string;
  /** `write` operations leave an audit row, reads none. */
  audit: 'none' | 'write';
  /** `dangerous`: reaches devices or removes data; palettes ask before they do it. */
  danger: 'safe' | 'dangerous';
  /** `secret`: the answer is shown once and kept nowhere, so the operation takes no Idempotency-Key. */
  answers?: 'plain' | 'secret';
  /** Where a body may be larger than those of all other operations. */
  maxBodyBytes?: number;
}

/** Every operation begins here; forgetting the meta means a permission nobody has. */
export const operation = oc.$meta<OperationMeta>({ permission: 'nobody', audit: 'write', danger: 'dangerous' });

const base = { audit: 'none', danger: 'safe' } as const;
export const reads = (permission: string): OperationMeta => ({ ...base, permission });
export const writes = (permission: string): OperationMeta => ({ ...base, permission, audit: 'write' });
export const endangers = (permission: string): OperationMeta => ({ permission, audit: 'write', danger: 'dangerous' });

/** For an operation whose answer must never be stored. */
export const secretly = (meta: OperationMeta): OperationMeta => ({ ...meta, answers: 'secret' });
