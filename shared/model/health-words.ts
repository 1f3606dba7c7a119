// The words and numbers of health, apart from its schemas: browsers list them without the library of schemas.

export const HEALTH_PARTS = ['availability', 'performance', 'security', 'compliance'] as const;
export type HealthPartName = (typeof HEALTH_PARTS)[number];
export const PART_POINTS = 25;

/** `unknown`: less than half of the points rest on something known. */
export const HEALTH_BUCKETS = ['good', 'fair', 'poor', 'unknown'] as const;
export type HealthBucket = (typeof HEALTH_BUCKETS)[number];

export const USUAL_BOUNDS = { good: 80, fair: 60 };
