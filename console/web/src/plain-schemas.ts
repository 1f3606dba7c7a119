// Tells zod, before any page brings it along, to make no code at run time: the policy of the pages allows none, and a browser
// reports the mere try. It is set where zod reads it, so that the entry does not carry zod itself.

Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
