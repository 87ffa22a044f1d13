import type { TrafficPolicy } from '../../manifest/istio-specs.generated';
import { describeObject } from '../../manifest/kubernetes-object';
import type { DestinationRule } from '../destination-rules';
import { PINNED } from '../istio-versions';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type { Service } from '../service';

/** Notes about the clusters of a proxy; each is added once. */
export class ClusterNotes {
  private readonly told = new Set<string>();

  constructor(private readonly proxy: Proxy, private readonly notes: Note[]) {}

  /** A cluster for which DNS has no name to look up. */
  public ofNothingToLookUp({ object }: Service, name: string): void {
    this.tell(object, `istiod leaves out the cluster ${name}, because DNS has no name to look up for it`);
  }

  public ofForwardProxy({ host }: Service, rule: DestinationRule | undefined, policy: TrafficPolicy | undefined): void {
    if (rule?.subsets.length) this.tell(rule.from[0], `subsets of ${host} get no clusters, because Envoy looks up its names per request`);
    if (!policy?.outlierDetection) return;
    const what = `outlierDetection for ${host}, whose resolution is DYNAMIC_DNS`;
    this.tell(rule?.from[0], `istiod ${PINNED} panics at ${what}; remove outlierDetection`);
  }

  public ofLabelsInSeveralLocalities({ host }: Service, rule: DestinationRule | undefined): void {
    const what = `failoverPriority for ${host}, whose endpoints have DNS names in several localities`;
    this.tell(rule?.from[0], `istiod ${PINNED} panics at ${what}; remove failoverPriority or the localities`);
  }

  public ofTls(name: string, rule: DestinationRule | undefined, tls: TrafficPolicy['tls']): void {
    const object = rule?.from[0];
    const { mode, credentialName = '', clientCertificate, privateKey } = tls ?? {};
    if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
    if (credentialName !== '') {
      if (this.proxy.type === 'sidecar' && !rule?.selector && !credentialName.startsWith('configmap://')) {
        const why = 'a sidecar uses credentialName only from a DestinationRule with a workloadSelector';
        this.tell(object, `${name} is called in plaintext: ${why}`);
      }
    } else if (mode === 'MUTUAL' && !(clientCertificate && privateKey)) {
      this.tell(object, `${name} is called in plaintext: MUTUAL requires clientCertificate and privateKey, or credentialName`);
    }
  }

  private tell(object: Note['object'], message: string): void {
    const text = object ? `${describeObject(object)}: ${message}` : message;
    if (this.told.has(text)) return;
    this.told.add(text);
    this.notes.push(object ? { object, message: text } : { message: text });
  }
}
