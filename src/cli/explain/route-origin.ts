import { constructsBehind } from '../../analysis/construct-paths';
import type { RouteOrigin } from '../../envoy/proxy-config';
import { describeObject } from '../../manifest/kubernetes-object';
import { lineOf, provenanceOf } from '../../manifest/provenance';

/** The origin of a route: the constructs that created it, if the manifest records them, and the line of the manifest. */
export function describeOrigin(origin: RouteOrigin | undefined): string {
  if (!origin) return 'no VirtualService: the default of Istio';
  const { object, rule, match } = origin;
  const place = `${describeObject(object)} spec.http[${rule}]${match === undefined ? '' : `.match[${match}]`}`;
  const provenance = provenanceOf(object);
  const path = ['spec', 'http', rule, ...(match === undefined ? [] : ['match', match])];
  const line = provenance && `${provenance.file}:${lineOf(object, path)}`;
  const constructs = constructsBehind(object, `spec.http[${rule}]`) ?? [];
  return [...(constructs.length > 0 ? [constructs.join(', ')] : []),
    ...(line === undefined ? [place] : [`${line} (${place})`])].join(' at ');
}
