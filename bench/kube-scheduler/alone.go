package main

import (
	v1 "k8s.io/api/core/v1"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/names"
)

// judgeAlone runs each Filter plugin by itself on every node, after its own PreFilter. DynamicResources is left out: its
// Filter is only defined after the others. The plugins are reached through the list of those that listen to events,
// which all Filter plugins do.
func (a *attempts) judgeAlone(pod *v1.Pod) map[string]map[string]verdict {
	byName := map[string]any{}
	for _, plugin := range a.framework.EnqueueExtensions() {
		byName[plugin.Name()] = plugin
	}
	nodes, err := a.snapshot.NodeInfos().List()
	if err != nil {
		return nil
	}
	var verdicts map[string]map[string]verdict
	for _, listed := range a.framework.ListPlugins().Filter.Enabled {
		if listed.Name == names.DynamicResources {
			continue
		}
		for node, status := range a.judge(byName[listed.Name], pod, nodes) {
			if verdicts == nil {
				verdicts = map[string]map[string]verdict{}
			}
			if verdicts[listed.Name] == nil {
				verdicts[listed.Name] = map[string]verdict{}
			}
			verdicts[listed.Name][node] = *verdictOf(status)
		}
	}
	return verdicts
}

// judge returns the rejections by node; "*" stands for one by PreFilter.
func (a *attempts) judge(plugin any, pod *v1.Pod, nodes []fwk.NodeInfo) map[string]*fwk.Status {
	rejections := map[string]*fwk.Status{}
	state := framework.NewCycleState()
	if preFilter, ok := plugin.(fwk.PreFilterPlugin); ok {
		_, status := preFilter.PreFilter(a.context, state, pod, nodes)
		if status.IsSkip() {
			return rejections
		}
		if !status.IsSuccess() {
			rejections["*"] = status
			return rejections
		}
	}
	filter, ok := plugin.(fwk.FilterPlugin)
	if !ok {
		return rejections
	}
	for _, node := range nodes {
		if status := filter.Filter(a.context, state, pod, node); !status.IsSuccess() {
			rejections[node.Node().Name] = status
		}
	}
	return rejections
}
