package main

import (
	"sort"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// messages describes every message and enum that istiod knows by name, a line each: an enum with its values, a message with its fields and
// their types. A list has a '*' before its type, a map the type of its keys and a '>'.
func messages() []string {
	lines := map[string]string{}
	protoregistry.GlobalTypes.RangeMessages(func(t protoreflect.MessageType) bool {
		d := t.Descriptor()
		fields := make([]string, d.Fields().Len())
		for i := range fields {
			field := d.Fields().Get(i)
			fields[i] = string(field.Name()) + "=" + typeOf(field)
		}
		lines[string(d.FullName())] = strings.TrimSpace(string(d.FullName()) + " " + strings.Join(fields, " "))
		return true
	})
	protoregistry.GlobalTypes.RangeEnums(func(t protoreflect.EnumType) bool {
		d := t.Descriptor()
		values := make([]string, d.Values().Len())
		for i := range values {
			values[i] = string(d.Values().Get(i).Name())
		}
		lines[string(d.FullName())] = string(d.FullName()) + "|" + strings.Join(values, "|")
		return true
	})
	all := make([]string, 0, len(lines))
	for _, line := range lines {
		all = append(all, line)
	}
	sort.Strings(all)
	return all
}

func typeOf(field protoreflect.FieldDescriptor) string {
	switch {
	case field.IsMap():
		return field.MapKey().Kind().String() + ">" + singleTypeOf(field.MapValue())
	case field.IsList():
		return "*" + singleTypeOf(field)
	default:
		return singleTypeOf(field)
	}
}

func singleTypeOf(field protoreflect.FieldDescriptor) string {
	switch {
	case field.Message() != nil:
		return string(field.Message().FullName())
	case field.Enum() != nil:
		return string(field.Enum().FullName())
	default:
		return field.Kind().String()
	}
}
