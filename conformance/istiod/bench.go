package main

import (
	"encoding/json"
	"sort"
	"time"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pilot/pkg/networking/core"
)

// rounds is how often each is measured; the first rounds warm up.
const (
	rounds = 9
	warmUp = 2
)

// bench measures what istiod does for the first proxy of a case, in milliseconds: nothing is written as JSON, nothing is cached.
func bench(line []byte) (any, error) {
	var c translateCase
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	result := map[string]any{"id": c.ID}
	err := within(c, "light", func(config *core.ConfigGenTest, pods []*corev1.Pod) error {
		described, err := proxyOf(c.Proxies[0], pods, config.PushContext().Mesh.GetDefaultConfig())
		if err != nil {
			return err
		}
		proxy := config.SetupProxy(described)
		result["routesAndListeners"] = median(func() {
			config.RoutesFromListeners(proxy, config.Listeners(proxy))
		})
		result["clusters"] = median(func() {
			result["clusterCount"] = len(config.Clusters(proxy))
		})
		return nil
	})
	return result, err
}

func median(do func()) float64 {
	var times []float64
	for i := 0; i < rounds; i++ {
		start := time.Now()
		do()
		if i >= warmUp {
			times = append(times, float64(time.Since(start).Microseconds())/1000)
		}
	}
	sort.Float64s(times)
	return times[len(times)/2]
}
