// The command that seals the same login outside of this page; the secret is read from standard input or a file, never from it.
import { rmm } from '#console/web/src/signing/command-text.ts';
import { rangesOf, type SealDraft } from './seal-draft.ts';

const many = (flag: string, values: readonly string[]) => (values.length === 0 ? [] : [flag, ...values]);

function heldFlags({ holds, user, hook }: SealDraft): string[] {
  if (holds === 'hook') return ['--hook', hook === '' ? 'HOOK' : hook];
  return [
    '--user',
    user === '' ? 'USER' : user,
    ...(holds === 'password' ? ['--password-stdin'] : ['--key-file', 'FILE']),
  ];
}

export function sealCommand(draft: SealDraft, relayKey: string): string {
  const { relay, name, slot, purpose, devices, transports, isKeyOnly, isNtlmOverHttp, isUserShown, expires } = draft;
  return rmm(
    ...['credential', 'seal', name === '' ? 'NAME' : name, '--relay', relay === '' ? 'RELAY' : relay],
    ...(slot === 'next' ? ['--next'] : []),
    ...heldFlags(draft),
    ...['--purpose', purpose],
    ...many('--ranges', rangesOf(draft.ranges)),
    ...many('--device', devices),
    ...many('--transports', transports),
    ...(isKeyOnly ? ['--key-only'] : []),
    ...(isNtlmOverHttp ? ['--ntlm-over-http'] : []),
    ...(isUserShown && draft.holds !== 'hook' ? ['--show-user'] : []),
    ...(expires === '' ? [] : ['--expires', expires]),
    ...['--relay-key', relayKey.trim() === '' ? 'FINGERPRINT' : relayKey.trim()],
  );
}
