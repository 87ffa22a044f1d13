import type { MeshConfigFields } from './mesh-config';
import { meshConfigOf } from './mesh-config';
import type { Proxy } from './proxy';
import type { ProxyConfig } from './proxy-config';
import type { KubernetesObject } from '../manifest/kubernetes-object';

export interface TranslatorOptions {
  /** MeshConfig, as parsed from YAML. */
  readonly meshConfig?: MeshConfigFields;
  /** The Istio to translate as, such as `1.17`; default: the one that the goldens are made with. */
  readonly istioVersion?: string;
  readonly clusterDomain?: string;
  /** The namespace of objects without one, as `kubectl apply -n` would give them. */
  readonly defaultNamespace?: string;
  /** Environment variables of istiod. */
  readonly features?: { readonly [name: string]: string };
}

/** What istiod would send a proxy, for any number of proxies of one mesh. */
export class Translator {
  constructor(private readonly objects: readonly KubernetesObject[], private readonly options: TranslatorOptions = {}) {}

  public translate(proxy: Proxy): ProxyConfig {
    const { outboundTrafficPolicy } = meshConfigOf(this.options.meshConfig);
    return {
      routes: [],
      clusters: [],
      listeners: [],
      endpoints: {},
      origins: new Map(),
      notes: [{ message: `${this.objects.length} objects for a ${proxy.type}: ${outboundTrafficPolicy.mode}` }],
    };
  }
}
