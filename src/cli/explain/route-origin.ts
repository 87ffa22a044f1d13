import { constructsBehind } from '../../analysis/construct-paths';
import type { RouteOrigin } from '../../envoy/proxy-config';
import { describeObject } from '../../manifest/kubernetes-object';
import { lineOf, pathText, provenanceOf } from '../../manifest/provenance';

/** The origin of a route: the constructs that created it, if the manifest records them, and the line of the manifest. */
export function describeOrigin(origin: RouteOrigin | undefined): string {
  if (!origin) return 'no VirtualService: the default of Istio';
  const { object, path } = origin;
  const place = `${describeObject(object)} ${pathText(path)}`;
  const provenance = provenanceOf(object);
  const line = provenance && `${provenance.file}:${lineOf(object, path)}`;
  const constructs = constructsBehind(object, pathText(path.slice(0, 3))) ?? [];
  return [...(constructs.length > 0 ? [constructs.join(', ')] : []),
    ...(line === undefined ? [place] : [`${line} (${place})`])].join(' at ');
}
