// The release this code belongs to; build.ts checks that it equals package.json.
export const VERSION = '0.1.0';
