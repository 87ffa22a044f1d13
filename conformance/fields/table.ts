import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import type { Claim, Claims } from './claim';
import { isProp } from './claim';
import { destinationRule } from './destination-rule';
import { gateway, serviceEntry, sidecar, telemetry } from './others';
import { virtualService } from './virtual-service';

export const KINDS: { readonly [kind: string]: Claims } = {
  VirtualService: virtualService,
  DestinationRule: destinationRule,
  ServiceEntry: serviceEntry,
  Gateway: gateway,
  Sidecar: sidecar,
  Telemetry: telemetry,
};

interface Schema {
  readonly properties?: { readonly [name: string]: Schema };
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Schema };
}

interface Crd {
  readonly spec: { readonly names: { readonly kind: string }; readonly versions: readonly Version[] };
}

const crds = yaml.loadAll(readFileSync(join(__dirname, '../../imports/crds/istio.yaml'), 'utf8')) as Crd[];

/** The leaves of a kind's spec. Lists end in `[]`, maps in `{}`. */
export function leavesOf(kind: string): string[] {
  const version = crds.find(crd => crd.spec.names.kind === kind)!.spec.versions.find(v => v.name === 'v1')!;
  return walk(version.schema.openAPIV3Schema.properties!.spec, '');
}

function walk({ properties, items, additionalProperties }: Schema, place: string): string[] {
  if (properties) return Object.entries(properties).flatMap(([name, schema]) => walk(schema, place === '' ? name : `${place}.${name}`));
  if (items) return walk(items, `${place}[]`);
  return typeof additionalProperties === 'object' ? walk(additionalProperties, `${place}{}`) : [place];
}

/** The key of the claim about a leaf: the leaf itself, or its longest prefix. */
export function keyOf(claims: Claims, leaf: string): string | undefined {
  const keys = Object.keys(claims).filter(key => leaf === key || leaf.startsWith(`${key}.`) || leaf.startsWith(`${key}[`));
  return keys.sort((a, b) => b.length - a.length)[0];
}

export interface Share { readonly leaves: number; readonly obsolete: number; readonly withProp: number; readonly percent: number }

/** The number of leaves with a prop, among those that are not obsolete. */
export function shareOf(kind: string): Share {
  const claims = leavesOf(kind).map(leaf => KINDS[kind][keyOf(KINDS[kind], leaf)!] as Claim | undefined);
  const obsolete = claims.filter(claim => claim && !isProp(claim) && claim.obsolete).length;
  const withProp = claims.filter(claim => claim && isProp(claim)).length;
  return { leaves: claims.length, obsolete, withProp, percent: Math.floor(1000 * withProp / (claims.length - obsolete)) / 10 };
}
function cells(claim: Claim): string {
  if (!isProp(claim)) return `| | ${claim.obsolete ? `*${claim.obsolete}*: ` : ''}${claim.reason} |`;
  const beside = claim.with ? `, ${claim.with.map(prop => `\`${prop}\``).join(', ')}` : '';
  return `| \`${claim.prop}\`${beside} | |`;
}

/** docs/coverage.md */
export function document(): string {
  const share = (kind: string) => {
    const { leaves, obsolete, withProp, percent } = shareOf(kind);
    return `| [${kind}](#${kind.toLowerCase()}) | ${leaves} | ${obsolete} | ${withProp} | ${percent} % |`;
  };
  return `<!-- Written by \`npm run coverage\` from conformance/fields; do not edit. -->
# Coverage of Istio's fields

Every field of the pinned CRDs (v1), and the construct and prop that sets it. \`ClientTls.tls.simple.sni\` means the option \`sni\` of
\`ClientTlsSettings.simple()\`, passed to \`ClientTls\` as \`tls\`. Fields without a prop can be set on the ApiObject (\`catalog.virtualService\`,
\`catalog.destinationRule\`); the last column says why. Obsolete fields are those that Istio replaced (*deprecated*), and those that istiod ignores or
rejects (*ignored*).

| Kind | Fields | Obsolete | With a prop | Of those not obsolete |
|---|---|---|---|---|
${Object.keys(KINDS).map(share).join('\n')}
${Object.entries(KINDS).map(([kind, claims]) => `
## ${kind}

| Field | Construct and prop | ApiObject only, because |
|---|---|---|
${leavesOf(kind).map(leaf => `| \`${leaf}\` ${cells(claims[keyOf(claims, leaf)!])}`).join('\n')}
`).join('')}`;
}
