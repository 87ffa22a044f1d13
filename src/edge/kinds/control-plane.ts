import { operatorMeshConfig } from '../../envoy/operator-mesh-config';
import type { Manifest } from '../../manifest/manifest';
import { isNamespaced } from '../../manifest/namespaced';
import { readValue } from '../../manifest/shape';
import { contentOf } from '../content';
import type { Known } from '../known';
import { EVERYTHING } from '../reach';
import type { Unread, UnreadKind, UnreadKinds } from '../unread';

const CONFIG_MAP = { data: { 'mesh': 'string', 'meshNetworks': 'string', 'mesh-user': 'string' } } as const;
const INSTALLATION = { spec: { values: { meshConfig: 'anything', pilot: { env: { '*': 'anything' } } } } } as const;
const REVISION = 'istio.io/rev';

/** A ConfigMap with MeshConfig: `istio`, or that of a revision. */
function isHolder({ metadata: { name } }: Manifest): boolean {
  return name === 'istio' || name.startsWith('istio-');
}

const OTHER_MESH_CONFIG: UnreadKind = {
  what: 'MeshConfig',
  changes: 'every setting of the mesh',
  of: (object, known) => configured(object, known, isHolder(object) ? readValue(CONFIG_MAP, object)?.data?.mesh : undefined),
};

function configured(object: Manifest, known: Known, part: unknown): Unread | undefined {
  return part === undefined || known.isMeshConfigRead(object) ? undefined : { part, reaches: EVERYTHING };
}

const NETWORKS: UnreadKind = {
  what: 'networks',
  changes: 'through which gateway endpoints of other networks are reached',
  of(object) {
    const networks = isHolder(object) ? readValue(CONFIG_MAP, object)?.data?.meshNetworks : undefined;
    if (networks === undefined || /^\s*(networks:\s*\{\s*\})?\s*$/.test(networks)) return undefined;
    return { part: networks, reaches: [{ side: 'taking' }] };
  },
};

const INJECTION: UnreadKind = {
  what: 'injection',
  changes: 'the settings with which proxies start, and which connections they see',
  of: object => (object.metadata.name.startsWith('istio-sidecar-injector') ? { part: contentOf(object), reaches: [] } : undefined),
};

const OPERATOR_MESH_CONFIG: UnreadKind = {
  ...OTHER_MESH_CONFIG,
  of: (object, known) => configured(object, known, operatorMeshConfig(object)),
};

const SAIL_MESH_CONFIG: UnreadKind = {
  ...OTHER_MESH_CONFIG,
  of(object) {
    const part = readValue(INSTALLATION, object)?.spec?.values?.meshConfig;
    return part === undefined ? undefined : { part, reaches: EVERYTHING };
  },
};

const FEATURES: UnreadKind = {
  what: 'environment variables of istiod',
  changes: 'features of istiod that they switch',
  of(object) {
    const features = readValue(INSTALLATION, object)?.spec?.values?.pilot?.env;
    return features === undefined || Object.keys(features).length === 0 ? undefined : { part: features, reaches: EVERYTHING };
  },
};

/** What installs and configures istiod. */
export const CONTROL_PLANE: UnreadKinds = {
  '/ConfigMap': [OTHER_MESH_CONFIG, NETWORKS, INJECTION],
  'install.istio.io/IstioOperator': [OPERATOR_MESH_CONFIG, FEATURES],
  'sailoperator.io/Istio': [SAIL_MESH_CONFIG, FEATURES],
  'sailoperator.io/IstioRevision': [SAIL_MESH_CONFIG, FEATURES],
};

/** An object that one revision of istiod reads. */
export const OF_A_REVISION: UnreadKind = {
  what: 'revision',
  changes: 'whether the istiod of a proxy reads it',
  of({ metadata: { labels } }) {
    const revision = labels?.[REVISION];
    // The default revision reads what names none, too.
    return revision === undefined ? undefined : { part: revision, reaches: revision === 'default' ? [] : EVERYTHING };
  },
};

/** An object of an API group of Istio or the Gateway API whose kind or version is not known. */
export const UNKNOWN: UnreadKind = {
  what: 'unknown kind',
  changes: 'whatever they are meant to change',
  of: object => ({ part: contentOf(object), reaches: EVERYTHING }),
};

/** An object without a namespace, though its kind has one. */
export const WITHOUT_NAMESPACE: UnreadKind = {
  what: 'missing namespace',
  changes: 'what short host names stand for, and what is visible to whom; set a default namespace',
  of: object => (object.metadata.namespace === undefined && isNamespaced(object) ? { reaches: EVERYTHING } : undefined),
};
