// English: the estate at a glance.

export const en = {
  title: 'Overview',
  toFleet: 'All devices',
  notRead: 'The overview could not be read.',
  reading: 'Reading the overview',
} as const;
