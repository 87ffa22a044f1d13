package main

import (
	"encoding/json"

	"sigs.k8s.io/yaml"
)

// readYAML gives what Kubernetes reads in a YAML text, as JSON.
func readYAML(line []byte) (any, error) {
	var c struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	bytes, err := yaml.YAMLToJSON([]byte(c.Text))
	if err != nil {
		return nil, err
	}
	return map[string]any{"id": c.ID, "value": json.RawMessage(bytes)}, nil
}
