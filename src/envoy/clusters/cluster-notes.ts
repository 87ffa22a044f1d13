import type { TrafficPolicy } from '../../manifest/istio-specs.generated';
import { describeObject } from '../../manifest/kubernetes-object';
import type { DestinationRule } from '../destination-rules';
import { PINNED } from '../istio-versions';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type { Service } from '../service';

/** What of the clusters of a proxy its reader would not expect, each told once. */
export class ClusterNotes {
  private readonly told = new Set<string>();

  constructor(private readonly proxy: Proxy, private readonly notes: Note[]) {}

  public ofService(service: Service): void {
    if (service.object.kind === 'Service' && service.object.spec?.internalTrafficPolicy === 'Local') {
      this.tell(service.object, 'which endpoints are on the node of the caller (internalTrafficPolicy: Local) is not known; all of them are taken');
    }
  }

  /** A cluster without anything that DNS could look up. */
  public ofNothingToLookUp({ object }: Service, name: string): void {
    this.tell(object, `DNS would have nothing to look up for ${name}, so that istiod sends no such cluster`);
  }

  public ofForwardProxy({ host }: Service, rule: DestinationRule | undefined, policy: TrafficPolicy | undefined): void {
    if (rule?.subsets.length) this.tell(rule.from[0], `subsets of ${host} get no clusters, since its names are looked up at each request`);
    if (policy?.outlierDetection) this.tell(rule?.from[0], `istiod ${PINNED} breaks at outlierDetection for ${host}, which is DYNAMIC_DNS; leave it out`);
  }

  public ofLabelsInSeveralLocalities({ host }: Service, rule: DestinationRule | undefined): void {
    this.tell(rule?.from[0], `istiod ${PINNED} breaks at failoverPriority for ${host}, whose endpoints have names and several localities; leave one of these out`);
  }

  public ofTls(name: string, rule: DestinationRule | undefined, tls: TrafficPolicy['tls']): void {
    const object = rule?.from[0];
    const { mode, credentialName = '', clientCertificate, privateKey } = tls ?? {};
    if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
    if (credentialName !== '') {
      if (this.proxy.type === 'sidecar' && !rule?.selector && !credentialName.startsWith('configmap://')) {
        this.tell(object, `${name} is called in clear text: sidecars take credentialName only from rules with a workloadSelector`);
      }
    } else if (mode === 'MUTUAL' && !(clientCertificate && privateKey)) {
      this.tell(object, `${name} is called in clear text, since MUTUAL lacks clientCertificate and privateKey, or credentialName`);
    }
  }

  private tell(object: Note['object'], message: string): void {
    const text = object ? `${describeObject(object)}: ${message}` : message;
    if (this.told.has(text)) return;
    this.told.add(text);
    this.notes.push(object ? { object, message: text } : { message: text });
  }
}
