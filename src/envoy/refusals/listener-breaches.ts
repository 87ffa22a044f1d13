import type { Breach } from './breach';
import { chainConflicts } from './chain-conflicts';
import { constraintBreaches } from './constraint-check';
import { celRuntimeObjection } from '../../traffic/cel-runtime';
import { formatObjection } from '../../traffic/substitution-format';
import type { AccessLog, AccessLogFilter } from '../xds/access-log';
import type { Listener } from '../xds/listener';
import type { CustomTag } from '../xds/tracing';

const LISTENER = 'envoy.config.listener.v3.Listener';
const TAG = 'envoy.type.tracing.v3.CustomTag';
const SOURCES = ['literal', 'environment', 'requestHeader', 'metadata', 'value'] as const;

/** The values of a listener for which Envoy refuses it. */
export function listenerBreaches(listener: Listener): readonly Breach[] {
  const breaches = [...constraintBreaches(listener, LISTENER), ...chainConflicts(listener)];
  const { accessLog, filterChains = [], defaultFilterChain } = listener;
  addFilters(accessLog, breaches);
  for (const { filters = [] } of [...filterChains, ...defaultFilterChain ? [defaultFilterChain] : []]) {
    for (const { typedConfig } of filters) {
      if (!('accessLog' in typedConfig) && !('tracing' in typedConfig)) continue;
      addFilters(typedConfig.accessLog, breaches);
      if ('tracing' in typedConfig) for (const tag of typedConfig.tracing?.customTags ?? []) breaches.push(...sourceBreaches(tag));
    }
  }
  return breaches;
}

/** The values of a tag of traces for which Envoy refuses the listener. */
export function tagBreaches(tag: CustomTag): readonly Breach[] {
  return [...constraintBreaches(tag, TAG), ...sourceBreaches(tag)];
}

/** What is wrong with the source of a tag beyond the constraints of its message. */
function sourceBreaches(tag: CustomTag): readonly Breach[] {
  if (!SOURCES.some(source => tag[source] !== undefined)) {
    return [{ path: [], value: undefined, limit: 'has no source', repair: 'set one of literal, environment, header and formatter' }];
  }
  const objection = tag.value === undefined ? undefined : formatObjection(tag.value);
  return objection ? [{ path: ['value'], value: tag.value, limit: objection[0], repair: objection[1] }] : [];
}

function addFilters(accessLogs: readonly AccessLog[] = [], breaches: Breach[]): void {
  for (const { filter } of accessLogs) if (filter) addFilter(filter, breaches);
}

function addFilter({ extensionFilter, andFilter }: AccessLogFilter, breaches: Breach[]): void {
  andFilter?.filters.forEach(filter => addFilter(filter, breaches));
  const expression = extensionFilter?.typedConfig.expression;
  const objection = expression === undefined ? undefined : celRuntimeObjection(expression);
  if (objection) {
    breaches.push({ path: ['accessLog', 'filter', 'expression'], value: expression, limit: objection[0], repair: objection[1] });
  }
}
