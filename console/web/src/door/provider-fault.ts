// What came of a sign-in by the identity provider, which the console tells by the address it leads to.
import { useState } from 'react';
import { t } from './text.ts';

const FAULTS = { denied: 'providerDenied', failed: 'providerFailed' } as const;

/** Of the page's address; empty for one that tells of nothing. */
export function providerFault(search: string): string {
  const told = new URLSearchParams(search).get('sso');
  return told === 'denied' || told === 'failed' ? t(FAULTS[told]) : '';
}

/** As the page was opened: a link that is tried later has an answer of its own. */
export function useProviderFault(): string {
  const [fault] = useState(() => providerFault(location.search));
  return fault;
}
