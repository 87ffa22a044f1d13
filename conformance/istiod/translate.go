package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	corev1 "k8s.io/api/core/v1"
	klabels "k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"istio.io/api/annotation"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pilot/pkg/networking/util"
	"istio.io/istio/pilot/pkg/serviceregistry/kube"
	labelutil "istio.io/istio/pilot/pkg/serviceregistry/util/label"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pilot/test/xdstest"
	"istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/util/protomarshal"
)

type proxyCase struct {
	Name      string            `json:"name"`
	Type      string            `json:"type"`
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
	Locality  string            `json:"locality"`
}

type translateCase struct {
	ID         string            `json:"id"`
	Manifests  string            `json:"manifests"`
	Namespace  string            `json:"namespace"`
	Proxies    []proxyCase       `json:"proxies"`
	MeshConfig string            `json:"meshConfig"`
	Features   map[string]string `json:"features"`
}

// generator is what both harnesses can do.
type generator interface {
	SetupProxy(p *model.Proxy) *model.Proxy
	PushContext() *model.PushContext
	Env() *model.Environment
}

func translate(line []byte, harness string) (any, error) {
	var c translateCase
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	var answers []any
	err := within(c, harness, func(config *core.ConfigGenTest, pods []*corev1.Pod) error {
		for _, p := range c.Proxies {
			answer, err := answerFor(config, p, pods)
			if err != nil {
				return err
			}
			answers = append(answers, answer)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"id": c.ID, "proxies": answers}, nil
}

// within sets up istiod with the objects of a case.
func within(c translateCase, harness string, do func(config *core.ConfigGenTest, pods []*corev1.Pod) error) error {
	m, err := parseManifests(c.Manifests, c.Namespace)
	if err != nil {
		return err
	}
	meshConfig := mesh.DefaultMeshConfig()
	if c.MeshConfig != "" {
		if meshConfig, err = mesh.ApplyMeshConfigDefaults(c.MeshConfig); err != nil {
			return err
		}
	}
	restore, err := setFeatures(c.Features)
	if err != nil {
		return err
	}
	defer restore()

	assignAddresses(m.services)
	pods := podsOf(m)
	return test.Wrap(func(t test.Failer) {
		// Wrap runs this in a goroutine of its own, whose panics nobody else can catch.
		defer func() {
			if r := recover(); r != nil {
				t.Fatal(r)
			}
		}()
		var config *core.ConfigGenTest
		if harness == "full" || m.usesGatewayAPI {
			options := xds.FakeOptions{Configs: m.configs, KubernetesObjects: kubernetesObjects(m, pods), MeshConfig: meshConfig}
			if m.usesGatewayAPI {
				options.KubernetesObjectString = strings.Join(m.stored, "\n---\n")
				options.KubeClientModifier = withGatewayCRDs(t)
			}
			config = xds.NewFakeDiscoveryServer(t, options).ConfigGenTest
		} else {
			config = light(t, m, pods, meshConfig)
		}
		if push := config.PushContext(); push.GatewayAPIController == nil {
			push.GatewayAPIController = noInferencePools{}
		}
		if e := do(config, pods); e != nil {
			t.Fatal(e)
		}
	})
}

// noInferencePools is what gateways of the Gateway API ask for their listeners.
type noInferencePools struct{ model.GatewayController }

func (noInferencePools) HasInferencePool(types.NamespacedName) bool { return false }

// light is ConfigGenTest with Services that istiod's own conversion made: a tenth of the time of a FakeDiscoveryServer.
func light(t test.Failer, m *manifests, pods []*corev1.Pod, meshConfig *meshconfig.MeshConfig) *core.ConfigGenTest {
	var services []*model.Service
	var instances []*model.ServiceInstance
	for _, s := range m.services {
		service := kube.ConvertService(*s, nil, "cluster.local", cluster.ID("Kubernetes"), meshConfig.GetTrustDomain())
		services = append(services, service)
		for _, pod := range pods {
			if selects(s, pod) {
				instances = append(instances, instancesOf(service, s, pod, meshConfig.GetTrustDomain())...)
			}
		}
	}
	return core.NewConfigGenTest(t, core.TestOptions{Configs: m.configs, Services: services, Instances: instances, MeshConfig: meshConfig})
}

func instancesOf(service *model.Service, s *corev1.Service, pod *corev1.Pod, trustDomain string) []*model.ServiceInstance {
	var instances []*model.ServiceInstance
	for i, port := range service.Ports {
		instances = append(instances, &model.ServiceInstance{
			Service:     service,
			ServicePort: port,
			Endpoint: &model.IstioEndpoint{
				Addresses:       []string{pod.Status.PodIP},
				EndpointPort:    uint32(targetPort(s.Spec.Ports[i], pod)),
				ServicePortName: port.Name,
				Labels:          pod.Labels,
				Namespace:       pod.Namespace,
				ServiceAccount:  kube.SecureNamingSAN(pod, trustDomain),
				TLSMode:         kube.PodTLSMode(pod),
			},
		})
	}
	return instances
}

// proxyConfigOf is what the agent of a pod reports: the ProxyConfig of the mesh, with the annotation of the pod over it.
func proxyConfigOf(pod *corev1.Pod, defaults *meshconfig.ProxyConfig) (*meshconfig.ProxyConfig, error) {
	text, found := pod.Annotations[annotation.ProxyConfig.Name]
	if !found {
		return nil, nil
	}
	return mesh.MergeProxyConfig(text, protomarshal.Clone(defaults))
}

var proxyTypes = map[string]model.NodeType{"sidecar": model.SidecarProxy, "gateway": model.Router, "waypoint": model.Waypoint}

func proxyOf(p proxyCase, pods []*corev1.Pod, defaults *meshconfig.ProxyConfig) (*model.Proxy, error) {
	kind := proxyTypes[p.Type]
	address := "10.9.9.9"
	effective := defaults
	metadata := &model.NodeMetadata{Namespace: p.Namespace, Labels: p.Labels, ClusterID: "Kubernetes", IstioVersion: os.Getenv("ISTIO_VERSION")}
	selector := klabels.SelectorFromSet(p.Labels)
	for _, pod := range pods {
		if pod.Namespace == p.Namespace && len(p.Labels) > 0 && selector.Matches(klabels.Set(pod.Labels)) {
			address = pod.Status.PodIP
			own, err := proxyConfigOf(pod, defaults)
			if err != nil {
				return nil, err
			}
			if own != nil {
				metadata.ProxyConfig = (*model.NodeMetaProxyConfig)(own)
				effective = own
			}
			break
		}
	}
	metadata.HTTP10 = effective.GetProxyMetadata()["ISTIO_META_HTTP10"]
	return &model.Proxy{
		Type:            kind,
		ID:              "proxy." + p.Namespace,
		ConfigNamespace: p.Namespace,
		Labels:          labelutil.AugmentLabels(p.Labels, "", p.Locality, "", ""),
		Locality:        util.ConvertLocality(p.Locality),
		IPAddresses:     []string{address},
		Metadata:        metadata,
	}, nil
}

// once drops routes that several listeners ask for: a proxy subscribes to a name once.
func once(routes []*route.RouteConfiguration) []*route.RouteConfiguration {
	seen := map[string]bool{}
	var result []*route.RouteConfiguration
	for _, r := range routes {
		if !seen[r.Name] {
			seen[r.Name] = true
			result = append(result, r)
		}
	}
	return result
}

func answerFor(config *core.ConfigGenTest, p proxyCase, pods []*corev1.Pod) (any, error) {
	described, err := proxyOf(p, pods, config.PushContext().Mesh.GetDefaultConfig())
	if err != nil {
		return nil, err
	}
	proxy := config.SetupProxy(described)
	listeners := config.Listeners(proxy)
	clusters := config.Clusters(proxy)
	answer := map[string]any{"name": p.Name}
	if answer["listeners"], err = protoJSON(listeners); err != nil {
		return nil, err
	}
	if answer["routes"], err = protoJSON(once(config.RoutesFromListeners(proxy, listeners))); err != nil {
		return nil, err
	}
	if answer["clusters"], err = protoJSON(clusters); err != nil {
		return nil, err
	}
	assignments := map[string][]string{}
	for _, name := range xdstest.ExtractEdsClusterNames(clusters) {
		builder := endpoints.NewEndpointBuilder(name, proxy, config.PushContext())
		assignment := builder.BuildClusterLoadAssignment(config.Env().EndpointIndex)
		addresses := []string{}
		for _, locality := range assignment.GetEndpoints() {
			for _, e := range locality.LbEndpoints {
				address := e.GetEndpoint().GetAddress()
				if socket := address.GetSocketAddress(); socket != nil {
					addresses = append(addresses, fmt.Sprintf("%s:%d", socket.GetAddress(), socket.GetPortValue()))
				} else if internal := address.GetEnvoyInternalAddress(); internal != nil {
					addresses = append(addresses, fmt.Sprintf("%s/%s", internal.GetServerListenerName(), internal.GetEndpointId()))
				} else {
					addresses = append(addresses, "unix://"+address.GetPipe().GetPath())
				}
			}
		}
		assignments[name] = addresses
	}
	answer["endpoints"] = assignments
	return answer, nil
}
