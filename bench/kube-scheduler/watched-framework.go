package main

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// watchedFramework passes every call on and keeps what came back. SchedulePod takes the framework as an argument, so
// nothing of the scheduler has to change for it.
type watchedFramework struct {
	framework.Framework
	cycle int64

	preFilterResult *fwk.PreFilterResult
	preFilterStatus *fwk.Status
	visited         []string
	passed          []string
	rejected        map[string]*fwk.Status
	hint            string
	scores          []fwk.NodePluginScores
}

func watch(inner framework.Framework, cycle int64) *watchedFramework {
	return &watchedFramework{Framework: inner, cycle: cycle, rejected: map[string]*fwk.Status{}}
}

func (w *watchedFramework) RunPreFilterPlugins(ctx context.Context, state fwk.CycleState, pod *v1.Pod) (*fwk.PreFilterResult, *fwk.Status, sets.Set[string]) {
	result, status, plugins := w.Framework.RunPreFilterPlugins(ctx, state, pod)
	w.preFilterResult, w.preFilterStatus = result, status
	return result, status, plugins
}

func (w *watchedFramework) RunFilterPluginsWithNominatedPods(ctx context.Context, state fwk.CycleState, pod *v1.Pod, node fwk.NodeInfo) *fwk.Status {
	status := w.Framework.RunFilterPluginsWithNominatedPods(ctx, state, pod, node)
	name := node.Node().Name
	w.visited = append(w.visited, name)
	if status.IsSuccess() {
		w.passed = append(w.passed, name)
	} else {
		w.rejected[name] = status
	}
	return status
}

func (w *watchedFramework) RunScorePlugins(ctx context.Context, state fwk.CycleState, pod *v1.Pod, nodes []fwk.NodeInfo) ([]fwk.NodePluginScores, *fwk.Status) {
	scores, status := w.Framework.RunScorePlugins(ctx, state, pod, nodes)
	if status.IsSuccess() {
		// The heap that picks a node reorders the list in place.
		w.scores = append([]fwk.NodePluginScores{}, scores...)
	}
	return scores, status
}

// The two calls of batching get our count of attempts: the scheduler's own counts what its queue hands out, and here
// nothing goes through the queue.

func (w *watchedFramework) GetNodeHint(ctx context.Context, pod *v1.Pod, signature fwk.PodSignature, state fwk.CycleState, _ int64) string {
	w.hint = w.Framework.GetNodeHint(ctx, pod, signature, state, w.cycle)
	return w.hint
}

func (w *watchedFramework) StoreScheduleResults(ctx context.Context, signature fwk.PodSignature, hinted, chosen string, others framework.SortedScoredNodes, _ int64) {
	w.Framework.StoreScheduleResults(ctx, signature, hinted, chosen, others, w.cycle)
}
