import type { VirtualService } from './virtual-services';
import type { ExportTo } from '../../manifest/export-to';
import { exportTo } from '../../manifest/export-to';
import type { ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

export type DestinationRule = ManifestOf<'DestinationRule'>;

/** To which namespaces an object is visible. */
export function visibilityOf(object: VirtualService | DestinationRule, index: TrafficIndex): ExportTo {
  const { defaultVirtualServiceExportTo, defaultDestinationRuleExportTo } = index.meshConfig;
  const byDefault = object.kind === 'VirtualService' ? defaultVirtualServiceExportTo : defaultDestinationRuleExportTo;
  return exportTo(object.spec?.exportTo, index.namespaceOf(object), byDefault);
}

/** The namespaces whose callers an object is written for, as Istio's own analyzers take it: its own unless it states others. */
export function scopesOf(object: VirtualService | DestinationRule, index: TrafficIndex): readonly string[] {
  const own = index.namespaceOf(object);
  const { exportTo: scopes = [] } = object.spec ?? {};
  return scopes.length === 0 ? [own] : scopes.map(scope => (scope === '.' || scope === '*' ? own : scope));
}
