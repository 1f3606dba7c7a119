// Sealed credentials first, then the relay's own files: a name that was sealed is never answered from a file.
import type { Outcome } from '#shared/base/outcome.ts';
import type { CredentialSource } from './credential-gate.ts';
import type { Credential, CredentialStore } from './credentials.ts';
import type { Vault } from './vault.ts';

export function credentialSources(
  vault: Pick<Vault, 'get' | 'list' | 'spare'>,
  files: CredentialStore,
): CredentialSource {
  return {
    get: (name: string): Outcome<Credential> => vault.get(name) ?? files.get(name),
    spare: (name: string) => vault.spare(name),
    list: () => [...new Set([...vault.list(), ...files.list()])],
  };
}
