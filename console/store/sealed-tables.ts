// The tables of what is sealed: logins, variables, and what relays told of theirs. JSON is parsed by the repository that reads it.

interface SealedVariableTable {
  site_id: string;
  name: string;
  version: number;
  /** Boxes and signature; nothing in it can be read here. */
  sealed: string;
  signer: string;
  stored_at: number;
}

interface SealedCredentialTable {
  relay_id: string;
  name: string;
  /** 'current' or 'next'. */
  slot: string;
  site_id: string;
  version: number;
  /** Boxes and signature; nothing in it can be read here. */
  sealed: string;
  signer: string;
  stored_at: number;
}

interface RelayVaultTable {
  relay_id: string;
  told: string;
  told_at: number;
}

export interface SealedTables {
  sealed_credential: SealedCredentialTable;
  sealed_variable: SealedVariableTable;
  relay_vault: RelayVaultTable;
}
