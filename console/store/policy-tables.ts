// The tables of what people say of watching: its parts as they are drafted, and the documents that were signed.

/** A layer, a maintenance window or a local route; JSON that its repository parses by `kind`. */
interface WatchPartTable {
  id: string;
  /** 'layer', 'window' or 'route'. */
  kind: string;
  /** Null: for every customer. Never changed. */
  customer_id: string | null;
  body: string;
  changed_at: number;
  changed_by: string;
  /** Taken out of later documents; the row stays while one that is in force names it. */
  removed_at: number | null;
}

/** Where a layer stands, by its level: sites, groups or devices. One of level customer stands at its customer. */
interface WatchPlaceTable {
  layer_id: string;
  place_id: string;
}

interface WatchDocumentTable {
  version: number;
  /** As it was signed. */
  text: string;
  signatures: string;
  /** 'waiting-for-signature' or 'active'. */
  state: string;
  created_by: string;
  created_at: number;
}

/** The sites that a document is for; of those that are active the highest version is in force. */
interface WatchSiteTable {
  site_id: string;
  version: number;
}

export interface PolicyTables {
  watch_part: WatchPartTable;
  watch_place: WatchPlaceTable;
  watch_document: WatchDocumentTable;
  watch_site: WatchSiteTable;
}
