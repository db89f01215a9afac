package gen

import (
	"encoding/json"
	"strings"
)

// Few names, so that lists meet: most tolerations of a case differ in one field or none.
var (
	pluginTaintKeys = []string{
		"dedicated", "nodepool/stable", "nvidia.com/gpu", "example.com/device",
		"node.kubernetes.io/not-ready", "node.kubernetes.io/memory-pressure",
	}
	pluginLabels    = []string{"disk=ssd", "disk=hdd", "zone=a", "zone=b", "team=x", "team=", "example.com/pool=stable"}
	pluginNames     = []string{"PodNodeSelector", "PodTolerationRestriction", "ExtendedResourceToleration"}
	brokenSelectors = []string{
		"disk", "disk=ssd,", ",", "=", "a=b=c", "disk==ssd", "-disk=ssd", "disk=-ssd", "a/b/c=d", "Example.com/pool=x", "/x=y",
		"disk in (ssd)", " ", "disk=ssd,zone", "ключ=a", "disk=значение", "x=" + strings.Repeat("v", 64), strings.Repeat("k", 64) + "=v",
	}
	brokenLists = []string{
		"[", "[]]", "{}", "null", "[null]", "true", "5", `"x"`, " ", "\t[ ]\n", "[1]", `[{"key":1}]`, `[{"key":true,"value":2}]`,
		`[{"key":"a" "operator":"Exists"}]`, `[{"key":"a",}]`, `[{"operator":"Exists"},]`, `[{key:"a"}]`, `[{"key":"a"]`, "[{'key':'a'}]",
		`[{"KEY":"dedicated","Operator":"Exists","EFFECT":"NoSchedule"}]`, `[{"key":"a","Key":"dedicated","operator":"Exists"}]`,
		`[{"operator":"Exists","effect":"NoExecute","tolerationSeconds":1.0}]`, `[{"operator":"Exists","effect":"NoExecute","tolerationSeconds":"5"}]`,
		`[{"operator":"Exists","effect":"NoExecute","tolerationSeconds":1e2}]`, `[{"operator":"Exists","effect":"NoExecute","tolerationSeconds":9223372036854775808}]`,
		`[{"operator":"Exists","effect":"NoExecute","tolerationSeconds":null}]`, `[{"operator":"Exists","effect":"NoExecute","TolerationSeconds":60}]`,
		`[{"operator":[]}]`, `[{"operator":{}}]`, `[{"effect":false}]`, `[{"effect":null,"operator":"Exists","more":{"x":[1,-2.5e+3,"\u00e9"]}}]`,
		`[{"key":"a\x"}]`, `[{"key":"a\u00zz"}]`, "[{\"key\":\"a\tb\"}]", `[nul]`, `[tru3]`, `[-]`, `[1.]`, `[1e]`, `[01]`, `é`, `[{"key":"é"}] x`,
		`[{"operator":"Sometimes","key":"dedicated"}]`, `[{"operator":"Exists","effect":"NoWay"}]`, `[{"operator":"Exists","effect":"NoSchedule","tolerationSeconds":5}]`,
		`[{"operator":"Exists","value":"x","key":"dedicated"}]`, `[{"key":""}]`, `[{"key":"dedicated","value":"not ok"}]`,
	}
)

// admissionPluginsCase is one pod and the plugins that change its node selector and tolerations.
func admissionPluginsCase(r random) object {
	input := object{}
	if on := somePlugins(r); len(on) > 0 {
		input["plugins"] = on
	}
	given := pluginTolerations(r, r.Intn(4))
	defaults := pluginTolerations(r, r.Intn(3))
	namespace := object{"name": pick(r, "default", "team-a")}
	annotations := object{}
	if r.chance(45) {
		annotations["scheduler.alpha.kubernetes.io/defaultTolerations"] = listText(r, defaults)
	}
	if r.chance(50) {
		annotations["scheduler.alpha.kubernetes.io/tolerationsWhitelist"] = listText(r, whitelist(r, given, defaults))
	}
	if r.chance(50) {
		annotations["scheduler.alpha.kubernetes.io/node-selector"] = selectorText(r)
	}
	if len(annotations) > 0 {
		namespace["annotations"] = annotations
	}
	input["namespace"] = namespace
	if r.chance(45) {
		input["podNodeSelector"] = selectorConfig(r)
	}
	if r.chance(45) {
		config := object{}
		if r.chance(60) {
			config["default"] = defaults
		}
		if r.chance(60) {
			config["whitelist"] = whitelist(r, given, defaults)
		}
		input["podTolerationRestriction"] = config
	}
	spec := object{}
	if len(given) > 0 {
		spec["tolerations"] = given
	}
	if r.chance(60) {
		spec["nodeSelector"] = pluginNodeSelector(r)
	}
	if r.chance(25) {
		input["runtimeClasses"] = []object{{"metadata": object{"name": "class"}, "handler": "h", "scheduling": scheduling(r)}}
		spec["runtimeClassName"] = pick(r, "class", "class", "class", "other")
	}
	spec["containers"] = pluginContainers(r, "c", r.between(1, 2))
	if r.chance(30) {
		spec["initContainers"] = pluginContainers(r, "i", 1)
	}
	pod := object{"metadata": object{"generateName": "agent-"}, "spec": spec}
	if r.chance(60) {
		pod["metadata"] = object{"name": "p"}
	}
	if r.chance(8) {
		pod["status"] = object{"qosClass": pick(r, "BestEffort", "Burstable")}
	}
	input["pod"] = pod
	return input
}

func somePlugins(r random) []string {
	on := []string{}
	for _, name := range pluginNames {
		if r.chance(65) {
			on = append(on, name)
		}
	}
	return on
}

func pluginTolerations(r random, count int) []object {
	tolerations := []object{}
	for range count {
		tolerations = append(tolerations, pluginToleration(r))
	}
	return tolerations
}

func pluginToleration(r random) object {
	toleration := object{"key": pick(r, pluginTaintKeys...)}
	switch r.Intn(6) {
	case 0, 1, 2:
		toleration["operator"] = "Exists"
	case 3, 4:
		toleration["operator"] = "Equal"
		setValue(toleration, pick(r, "", "a", "b"))
	case 5:
		setValue(toleration, pick(r, "", "a", "b"))
	}
	if r.chance(8) {
		toleration = object{"operator": "Exists"}
	}
	if r.chance(75) {
		toleration["effect"] = pick(r, effects...)
	}
	if toleration["effect"] == "NoExecute" && r.chance(50) {
		toleration["tolerationSeconds"] = pick(r, -1, 0, 60, 299, 300, 301)
	}
	return toleration
}

// whitelist mostly allows what it must judge, and then lacks, narrows or widens one entry.
func whitelist(r random, lists ...[]object) []object {
	allowed := []object{}
	if r.chance(75) {
		allowed = append(allowed, object{"operator": "Exists", "effect": "NoExecute"})
	} else if r.chance(50) {
		allowed = append(allowed,
			object{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": pick(r, 299, 300, 600)},
			object{"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300})
	}
	if r.chance(70) {
		allowed = append(allowed, object{"key": "node.kubernetes.io/memory-pressure", "operator": "Exists", "effect": "NoSchedule"})
	}
	for _, list := range lists {
		for _, from := range list {
			if r.chance(7) {
				continue
			}
			entry := object{}
			for _, name := range []string{"key", "operator", "value", "effect", "tolerationSeconds"} {
				if value, ok := from[name]; ok && (name == "effect" || !r.chance(10)) {
					entry[name] = value
				}
			}
			if entry["key"] == nil || entry["operator"] == nil && r.chance(50) {
				entry["operator"] = "Exists"
			}
			if entry["operator"] == "Exists" {
				delete(entry, "value")
			}
			if r.chance(8) {
				delete(entry, "effect")
				delete(entry, "tolerationSeconds")
			}
			allowed = append(allowed, entry)
		}
	}
	if r.chance(20) {
		for _, key := range []string{"nvidia.com/gpu", "example.com/device"} {
			allowed = append(allowed, object{"key": key, "operator": "Exists"})
		}
	}
	if r.chance(10) {
		return []object{}
	}
	return allowed
}

func listText(r random, tolerations []object) string {
	switch {
	case r.chance(5):
		return ""
	case r.chance(14):
		return pick(r, brokenLists...)
	}
	text, _ := json.Marshal(tolerations)
	if r.chance(4) {
		return string(text[:r.Intn(len(text)+1)])
	}
	if r.chance(4) {
		at := r.Intn(len(text))
		return string(text[:at]) + pick(r, "x", ",", "}", "]", "\"", "1", "\x01", "é", " ", "'", "\\") + string(text[at:])
	}
	return string(text)
}

func selectorText(r random) string {
	if r.chance(12) {
		return pick(r, brokenSelectors...)
	}
	chosen := []string{}
	for range r.Intn(3) {
		label := pick(r, pluginLabels...)
		if r.chance(15) {
			label = strings.Replace(" "+label, "=", pick(r, " = ", "=\t", "\u00a0=\u2003"), 1)
		}
		chosen = append(chosen, label)
	}
	return strings.Join(chosen, ",")
}

func selectorConfig(r random) object {
	config := object{}
	for _, name := range []string{"clusterDefaultNodeSelector", "default", "team-a"} {
		if r.chance(60) {
			config[name] = selectorText(r)
		}
	}
	if r.chance(50) {
		// Wide enough that something passes.
		config["default"] = "disk=ssd,zone=a,team=x,example.com/pool=stable"
	}
	return config
}

func pluginNodeSelector(r random) object {
	labels := object{}
	for range r.between(1, 2) {
		key, value, _ := strings.Cut(pick(r, pluginLabels...), "=")
		labels[key] = value
	}
	return labels
}

func scheduling(r random) object {
	scheduling := object{}
	if r.chance(60) {
		scheduling["nodeSelector"] = pluginNodeSelector(r)
	}
	if r.chance(60) {
		scheduling["tolerations"] = pluginTolerations(r, r.between(1, 2))
	}
	return scheduling
}

func pluginContainers(r random, prefix string, count int) []object {
	containers := []object{}
	for i := range count {
		requests, limits := object{}, object{}
		if r.chance(40) {
			requests["cpu"] = pick(r, "100m", "1", "0")
			if r.chance(30) {
				limits["cpu"] = "1"
			}
		}
		for _, name := range []string{"example.com/device", "nvidia.com/gpu", "a.example.com/x"} {
			if r.chance(20) {
				limits[name] = pick(r, "1", "0")
				if r.chance(30) {
					requests[name] = limits[name]
				}
			}
		}
		if r.chance(8) {
			limits[pick(r, "memory", "ephemeral-storage")] = "4Mi"
		}
		containers = append(containers, object{
			"name": prefix + string(rune('0'+i)), "image": "i", "resources": object{"requests": requests, "limits": limits},
		})
	}
	return containers
}
