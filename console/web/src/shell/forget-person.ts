// What a tab and the browser know of the person who leaves: gone before the next one comes to the door.
import type { QueryClient } from '@tanstack/react-query';
import type { SelectionStore } from '#console/web/src/fleet/selection-store.ts';
import { forgetRecent } from './recent.ts';

/** A selection that stayed would be acted on by somebody who never chose it. */
export function forgetPerson({ queries, selection }: { queries: QueryClient; selection: SelectionStore }): void {
  queries.clear();
  selection.clear();
  forgetRecent();
}
