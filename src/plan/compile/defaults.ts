import type { CompiledDefault, ServiceDefaults } from '../model/defaults';
import { fieldsOf, nearness, partOf } from '../model/defaults';
import type { LevelPolicy, Policies, PolicyFields } from '../model/policy';
import { levelKey, levelSuffix } from '../model/policy';
import type { ServiceModel } from '../model/service-model';
import type { Decoration } from '../model/statements';

/** A service with its defaults as statements, and what became of each default. */
export interface DefaultedService {
  readonly model: ServiceModel;
  readonly defaults: readonly CompiledDefault[];
}

const NONE: readonly CompiledDefault[] = [];

/**
 * Adds the defaults of a service to its statements. Per field, the nearest scope wins. A default of routes yields to every statement on
 * its field. A default of policies is left out if the whole service has the field; a subset or a port overrides it as it overrides the
 * service.
 */
export function withDefaults(model: ServiceModel): DefaultedService {
  if (model.defaults.length === 0) return { model, defaults: NONE };
  const nearest = [...model.defaults].sort((a, b) => nearness(b.scope) - nearness(a.scope));
  const fields = [...new Set(nearest.flatMap(fieldsOf))].filter(field => applies(model, nearest, field)).sort();
  const defaults = fields.flatMap(field => compiledOf(model, nearest, field));
  const whole = (d: CompiledDefault) => d.replacedBy.some(({ part }) => part === '');
  const effective = defaults.filter(d => !whole(d));
  return {
    model: {
      ...model,
      decorations: [...model.decorations, ...effective.filter(d => d.isOfRoutes).map(decorationOf)],
      policies: policiesWith(model.policies, effective.filter(d => !d.isOfRoutes)),
    },
    defaults,
  };
}

/** Whether a field has an effect: without HTTP ports, a service has no requests. */
function applies({ httpPorts }: ServiceModel, all: readonly ServiceDefaults[], field: string): boolean {
  if (httpPorts.length > 0) return true;
  return field === 'loadBalancer' ? !all.find(d => field in d.policies)!.hashesRequests : all.some(d => field in d.policies);
}

/** The defaults of a field, the nearest first. All but the first are replaced by a nearer one. */
function compiledOf(model: ServiceModel, nearest: readonly ServiceDefaults[], field: string): CompiledDefault[] {
  const found: CompiledDefault[] = [];
  let nearer: string | undefined;
  for (const { path, requests, policies, without } of nearest) {
    const isOfRoutes = field in requests;
    if (isOfRoutes || field in policies) {
      const replacedBy = nearer === undefined ? replacing(model, field, isOfRoutes) : [{ path: nearer, part: '' }];
      found.push({ field, isOfRoutes, value: isOfRoutes ? requests[field] : policies[field], path, replacedBy });
      nearer ??= path;
    } else if (without.includes(partOf(field))) {
      nearer ??= path;
    }
  }
  return found;
}

/** The statements that replace a default. */
function replacing(model: ServiceModel, field: string, isOfRoutes: boolean): CompiledDefault['replacedBy'] {
  const found = isOfRoutes
    ? model.decorations.filter(d => d.slot === field).map(d => ({ path: d.path, part: partNamed(d) }))
    : [...model.policies.values()].flatMap(({ level, statements }) =>
      statements.filter(({ fields }) => Object.hasOwn(fields, field)).map(({ path }) => ({ path, part: levelSuffix(level) })));
  return found.sort((a, b) => (`${a.path} ${a.part}` < `${b.path} ${b.part}` ? -1 : 1));
}

/** The part of a service that a statement applies to; empty for all of its requests. */
function partNamed({ route, cohort, condition, audiences }: Decoration): string {
  const from = audiences?.map(audience => (audience === 'mesh' ? 'the mesh' : audience.host)).sort();
  return (route ? ` of route '${route.id}'` : '') + (cohort ? ` of dark launch '${cohort.id}'` : '')
    + (from ? ` from ${from.join(', ')}` : '') + (condition ? ' where its matches are met' : '');
}

function decorationOf({ field, value, path }: CompiledDefault): Decoration {
  return { path, slot: field, value: { [field]: value }, cells: 'forwarding', isDefault: true };
}

/** The policies with the fields of defaults at the level of the whole service. */
function policiesWith(policies: Policies, defaults: readonly CompiledDefault[]): Policies {
  if (defaults.length === 0) return policies;
  const key = levelKey({});
  const byPath = new Map<string, { [field: string]: unknown }>();
  for (const { path, field, value } of defaults) {
    const fields = byPath.get(path) ?? {};
    fields[field] = value;
    byPath.set(path, fields);
  }
  const added = [...byPath].map(([path, fields]): { path: string; fields: PolicyFields } => ({ path, fields }));
  const whole: LevelPolicy = { level: {}, statements: [...policies.get(key)?.statements ?? [], ...added] };
  return new Map([[key, whole], ...[...policies].filter(([other]) => other !== key)]);
}
