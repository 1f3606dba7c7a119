// The tables of the script library. Times are integer milliseconds UTC.

interface ScriptTable {
  id: string;
  /** That of the newest version; one script of a name at a time. */
  name: string;
  /** Number of the newest version. */
  latest: number;
  created_at: number;
  created_by: string;
  /** Taken out of the library then. */
  removed_at: number | null;
}
interface ScriptVersionTable {
  script_id: string;
  version: number;
  /** SHA-256 of `body`, lower-case hex. */
  hash: string;
  /** The canonical text that people sign. */
  body: string;
  /** JSON: the signatures as they came. */
  signatures: string;
  /** Ids of the keys they are of, with spaces between. */
  signers: string;
  /** Where it comes from: "" for a person, else the repository, the commit and the file. */
  origin: string;
  created_at: number;
  created_by: string;
}

export interface ScriptTables {
  script: ScriptTable;
  script_version: ScriptVersionTable;
}
