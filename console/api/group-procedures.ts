// Groups, tags and saved views.
import type { Guarded } from './guard.ts';
import { notBuilt } from './not-built.ts';
import type { ApiServices } from './services.ts';

export function groupProcedures(os: Guarded, _services: ApiServices) {
  return {
    list: os.groups.list.handler(notBuilt),
    create: os.groups.create.handler(notBuilt),
    update: os.groups.update.handler(notBuilt),
    remove: os.groups.remove.handler(notBuilt),
    changeMembers: os.groups.changeMembers.handler(notBuilt),
  };
}

export function tagProcedures(os: Guarded, _services: ApiServices) {
  return {
    list: os.tags.list.handler(notBuilt),
    change: os.tags.change.handler(notBuilt),
    rename: os.tags.rename.handler(notBuilt),
    remove: os.tags.remove.handler(notBuilt),
  };
}

export function viewProcedures(os: Guarded, _services: ApiServices) {
  return {
    list: os.views.list.handler(notBuilt),
    create: os.views.create.handler(notBuilt),
    remove: os.views.remove.handler(notBuilt),
  };
}
