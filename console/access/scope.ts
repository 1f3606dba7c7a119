// What a reader may see. Only `can()` hands one out, and every repository read for people takes one.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SiteId } from '#shared/base/id.ts';

declare const brand: unique symbol;

/** The rooms to the right pass it on and never look inside. */
export type Scope = { readonly kind: 'everything' | 'nothing' } & { readonly [brand]: true };

/** For `where()`: the rows of `column` (the site of a row, or the person) that the scope lets through. The one place where a right becomes SQL. */
export function inScope(scope: Scope, column: string): RawBuilder<SqlBool> {
  switch (scope.kind) {
    case 'everything':
      return sql<SqlBool>`${sql.ref(column)} is not null`;
    case 'nothing':
      return sql<SqlBool>`${sql.ref(column)} is null and ${sql.ref(column)} is not null`;
  }
}

/** The same for what is told from memory. */
export const seesSite = (scope: Scope, _site: SiteId): boolean => scope.kind === 'everything';

/** Readers with the same key see the same: what is made for one is right for all of them. */
export const scopeKey = (scope: Scope): string => scope.kind;
