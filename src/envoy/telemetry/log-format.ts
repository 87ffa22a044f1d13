import type { Objection } from '../../traffic/objection';
import { logFormatObjection } from '../../traffic/substitution-format';
import type { ExtensionProvider, MeshConfigFields } from '../mesh-config';

/** The provider whose format is that of MeshConfig. */
const OF_MESH = 'envoy';

/** The format of the logs of a provider: a string, or an object of values. */
interface LogFormat {
  readonly text?: unknown;
  readonly labels?: unknown;
}

/** What Envoy has against a format of MeshConfig, and the place of the format. */
export interface RefusedFormat {
  readonly place: string;
  readonly objection: NonNullable<Objection>;
}

/** The format with which Envoy refuses the access logs that MeshConfig turns on for every proxy. */
export function refusedLogFormat(fields: MeshConfigFields): RefusedFormat | undefined {
  const { accessLogFile, extensionProviders } = fields;
  const defaultProviders = fields.defaultProviders as { readonly accessLogging?: unknown } | undefined;
  const names: unknown = defaultProviders?.accessLogging;
  const used = Array.isArray(names) ? names : [];
  const isLogging = typeof accessLogFile === 'string' && accessLogFile !== '';
  if ((used.length === 0 && isLogging) || used.includes(OF_MESH)) {
    const found = refusedOfMesh(fields);
    if (found) return found;
  }
  const providers = (Array.isArray(extensionProviders) ? extensionProviders : []) as readonly (ExtensionProvider | null)[];
  for (const [p, provider] of providers.entries()) {
    const refused = provider && used.includes(provider.name) ? refusedByProvider(provider) : undefined;
    if (refused) return { ...refused, place: `extensionProviders[${p}].${refused.place}` };
  }
  return undefined;
}

/** The format with which Envoy refuses the logs of a provider. */
export function refusedByProvider({ envoyFileAccessLog }: ExtensionProvider): RefusedFormat | undefined {
  const { logFormat } = (envoyFileAccessLog ?? {}) as { readonly logFormat?: LogFormat | null };
  const { text, labels } = logFormat ?? {};
  const place = 'envoyFileAccessLog.logFormat';
  const ofText = typeof text === 'string' ? logFormatObjection(text) : undefined;
  if (ofText) return { place: `${place}.text`, objection: ofText };
  const ofLabels = valuesObjection(labels);
  return ofLabels && { place: `${place}.labels`, objection: ofLabels };
}

function refusedOfMesh({ accessLogFormat: format, accessLogEncoding: encoding = 'TEXT' }: MeshConfigFields): RefusedFormat | undefined {
  if (typeof format !== 'string' || format === '') return undefined;
  const objection = encoding === 'JSON' ? valuesObjection(parsed(format)) : encoding === 'TEXT' ? logFormatObjection(format) : undefined;
  return objection && { place: 'accessLogFormat', objection };
}

/** istiod uses its own format in place of one that is not JSON. */
function parsed(format: string): unknown {
  try {
    const value: unknown = JSON.parse(format);
    return Array.isArray(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Every string in an object is a format. istiod finds REQ_WITHOUT_QUERY at the top alone, and Envoy does not know it elsewhere. */
function valuesObjection(value: unknown): Objection {
  if (typeof value !== 'object' || value === null) return undefined;
  const values: readonly unknown[] = Object.values(value);
  const hasExtension = values.some(each => typeof each === 'string' && each.includes('%REQ_WITHOUT_QUERY'));
  return firstOf(values, hasExtension);
}

function firstOf(values: readonly unknown[], hasExtension: boolean): Objection {
  for (const value of values) {
    const objection = typeof value === 'string' ? logFormatObjection(value, hasExtension)
      : typeof value === 'object' && value !== null ? firstOf(Object.values(value), hasExtension) : undefined;
    if (objection) return objection;
  }
  return undefined;
}
