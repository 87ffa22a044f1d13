import type { CustomTag as StatedTag, CustomTagSource } from '../../manifest/istio-specs.generated';
import { message } from '../message';
import type { CustomTag } from '../xds/tracing';

/** The tag of traces that istiod makes of one of a Telemetry or of MeshConfig. */
export function customTag(tag: string, { environment, header, literal, formatter }: StatedTag): CustomTag {
  const from = ({ name, defaultValue }: CustomTagSource) => message({ name, defaultValue: defaultValue || undefined });
  return message({
    tag,
    environment: environment && from(environment),
    requestHeader: header && from(header),
    literal: literal && message({ value: literal.value || undefined }),
    value: formatter?.value,
  });
}
