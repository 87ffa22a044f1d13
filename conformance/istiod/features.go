package main

import (
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"istio.io/istio/pilot/pkg/features"
	// Registers Envoy's messages, so that typed configs are written out.
	_ "istio.io/istio/pkg/config/xds"
)

// switches are the environment variables of istiod that cases may set; istiod reads them once, so they are set in place.
var switches = map[string]*bool{
	"DISABLE_SHADOW_HOST_SUFFIX": &features.DisableShadowHostSuffix,
}

func setFeatures(values map[string]string) (restore func(), err error) {
	saved := map[*bool]bool{}
	restore = func() {
		for target, value := range saved {
			*target = value
		}
	}
	for name, value := range values {
		target, known := switches[name]
		if !known {
			restore()
			return nil, fmt.Errorf("feature %s cannot be set here; add it to switches in features.go", name)
		}
		saved[target] = *target
		*target = value == "true"
	}
	return restore, nil
}

// protoJSON writes messages as Envoy's own JSON. It is read back, since protojson varies white space on purpose.
func protoJSON[T proto.Message](messages []T) ([]any, error) {
	result := []any{}
	for _, message := range messages {
		bytes, err := protojson.Marshal(message)
		if err != nil {
			return nil, err
		}
		var value any
		if err := json.Unmarshal(bytes, &value); err != nil {
			return nil, err
		}
		result = append(result, value)
	}
	return result, nil
}
