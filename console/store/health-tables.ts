// The tables of how well sites and devices were.

interface Points {
  availability: number;
  performance: number;
  security: number;
  compliance: number;
  confidence: number;
}

/** Sums over the devices of a site at the end of an hour: sums add up over sites, means do not. */
interface SiteHealthTable extends Points {
  site_id: string;
  /** Whole hours since 1970. */
  hour: number;
  devices: number;
}

/** As it was last on that day of UTC. */
interface DeviceHealthTable extends Points {
  device_id: string;
  /** Whole days since 1970. */
  day: number;
}

export interface HealthTables {
  site_health: SiteHealthTable;
  device_health: DeviceHealthTable;
}
