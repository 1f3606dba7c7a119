// A group or a tag in the words of the fleet's filter, for the links that lead there.

const term = (field: string, name: string): string => `${field}:"${name.replaceAll(/["\\]/g, '\\$&')}"`;

export const groupFilter = (name: string): string => term('group', name);
export const tagFilter = (tag: string): string => term('tag', tag);
