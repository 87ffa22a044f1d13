package main

import (
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

const prefix = "type.googleapis.com/"

// adapt changes the resources of an answer. Routes pass unchanged.
func (r *relay) adapt(response *discovery.DiscoveryResponse) error {
	var kept []*anypb.Any
	for _, resource := range response.Resources {
		adapted, err := r.adaptResource(resource)
		if err != nil {
			return err
		}
		if adapted != nil {
			kept = append(kept, adapted)
		}
	}
	response.Resources = kept
	return nil
}

// adaptResource returns nil for a listener that Envoy does not open.
func (r *relay) adaptResource(resource *anypb.Any) (*anypb.Any, error) {
	switch strings.TrimPrefix(resource.TypeUrl, prefix) {
	case "envoy.config.listener.v3.Listener":
		l := &listener.Listener{}
		if err := resource.UnmarshalTo(l); err != nil || !r.listeners[l.Name] {
			return nil, err
		}
		if err := adaptListener(l); err != nil {
			return nil, err
		}
		return packed(l)
	case "envoy.config.cluster.v3.Cluster":
		c := &cluster.Cluster{}
		if err := resource.UnmarshalTo(c); err != nil {
			return nil, err
		}
		// There are no certificates here, and the metadata exchange is Istio's own.
		c.TransportSocket, c.TransportSocketMatches, c.Filters = nil, nil, nil
		c.UpstreamBindConfig = nil
		// Istio's statistics name ends in a separator of its build.
		c.AltStatName = ""
		return packed(c)
	case "envoy.config.endpoint.v3.ClusterLoadAssignment":
		a := &endpoint.ClusterLoadAssignment{}
		if err := resource.UnmarshalTo(a); err != nil {
			return nil, err
		}
		for _, locality := range a.Endpoints {
			for _, each := range locality.LbEndpoints {
				if socket := each.GetEndpoint().GetAddress().GetSocketAddress(); socket != nil {
					socket.Address = podOnLoopback(socket.Address)
				}
			}
		}
		return packed(a)
	}
	return resource, nil
}

// podOnLoopback is where the backend of a pod listens: Kubernetes refuses loopback addresses for pods, so only the first byte differs.
func podOnLoopback(address string) string {
	if rest, isPod := strings.CutPrefix(address, "10."); isPod {
		return "127." + rest
	}
	return address
}

// adaptListener binds a listener to a free port of the loopback interface, where nothing redirects connections.
func adaptListener(l *listener.Listener) error {
	l.Address, l.BindToPort, l.UseOriginalDst, l.AccessLog = loopback(0), nil, nil, nil
	filters := l.ListenerFilters[:0]
	for _, filter := range l.ListenerFilters {
		if filter.Name != "envoy.filters.listener.original_dst" {
			filters = append(filters, filter)
		}
	}
	l.ListenerFilters = filters
	chains := l.FilterChains
	if l.DefaultFilterChain != nil {
		chains = append(append([]*listener.FilterChain{}, chains...), l.DefaultFilterChain)
	}
	for _, chain := range chains {
		if err := adaptChain(chain); err != nil {
			return err
		}
	}
	return nil
}

func adaptChain(chain *listener.FilterChain) error {
	chain.TransportSocket = nil
	kept := chain.Filters[:0]
	for _, filter := range chain.Filters {
		config := filter.GetTypedConfig()
		if !isEnvoys(config) {
			continue
		}
		adapted, err := adaptFilter(config)
		if err != nil {
			return err
		}
		filter.ConfigType = &listener.Filter_TypedConfig{TypedConfig: adapted}
		kept = append(kept, filter)
	}
	chain.Filters = kept
	return nil
}

func adaptFilter(config *anypb.Any) (*anypb.Any, error) {
	switch strings.TrimPrefix(config.TypeUrl, prefix) {
	case "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager":
		manager := &hcm.HttpConnectionManager{}
		if err := config.UnmarshalTo(manager); err != nil {
			return nil, err
		}
		// Tracing would need a collector.
		manager.Tracing, manager.AccessLog = nil, nil
		kept := manager.HttpFilters[:0]
		for _, filter := range manager.HttpFilters {
			if isEnvoys(filter.GetTypedConfig()) {
				kept = append(kept, filter)
			}
		}
		manager.HttpFilters = kept
		return packed(manager)
	case "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy":
		proxy := &tcp.TcpProxy{}
		if err := config.UnmarshalTo(proxy); err != nil {
			return nil, err
		}
		proxy.AccessLog = nil
		return packed(proxy)
	}
	return config, nil
}

// isEnvoys tells whether a stock Envoy has an extension.
func isEnvoys(config *anypb.Any) bool {
	return strings.HasPrefix(config.GetTypeUrl(), prefix+"envoy.")
}

func packed(message proto.Message) (*anypb.Any, error) {
	return anypb.New(message)
}
