// The tables by which the console keeps house: runs of its jobs, and how long metrics are kept.

/** The newest hundred of each job; at most one of a job is 'running'. */
interface JobRunTable {
  id: string;
  job: string;
  started_at: number;
  ended_at: number | null;
  state: string;
  detail: string;
}

/** Customers whose metrics are kept for another time than everybody's; null: as everybody's. */
interface CustomerRetentionTable {
  customer_id: string;
  raw_days: number | null;
  archive_days: number | null;
  changed_at: number;
}

/** Days in whose files damage was found. */
interface DamagedDayTable {
  tier: string;
  /** Whole days since 1970-01-01 UTC. */
  day: number;
  at: number;
}

export interface MaintenanceTables {
  job_run: JobRunTable;
  customer_retention: CustomerRetentionTable;
  damaged_day: DamagedDayTable;
}
