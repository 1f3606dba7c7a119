// Patterns of verbs as roles and tokens hold them: "device.read", "device.*", "*".

const isHeldBy = (pattern: string, verb: string): boolean =>
  pattern === '*' || pattern === verb || (pattern.endsWith('.*') && verb.startsWith(pattern.slice(0, -1)));

export const isVerbHeld = (patterns: readonly string[], verb: string): boolean =>
  patterns.some((pattern) => isHeldBy(pattern, verb));
