// What disks and interfaces are called, the same in counters and inventory, so that pages can join them.

export const diskLabel = (number: number | string): string => `Disk ${number}`;

/** Counters write an adapter's description with other brackets; Windows forbids these signs in their names. */
export const interfaceName = (description: string): string =>
  description
    .replaceAll('(', '[')
    .replaceAll(')', ']')
    .replaceAll(/[#/\\]/g, '_');
