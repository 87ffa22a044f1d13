package main

import (
	"k8s.io/apimachinery/pkg/types"

	"istio.io/istio/pilot/pkg/model"
)

// withoutInferencePools takes the place of the controller of the Gateway API, which the light harness lacks. Listeners of gateways with the
// label of a Gateway ask it for their pools.
type withoutInferencePools struct {
	model.GatewayController
}

func (withoutInferencePools) HasInferencePool(types.NamespacedName) bool {
	return false
}
