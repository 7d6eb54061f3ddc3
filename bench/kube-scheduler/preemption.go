package main

import (
	"context"
	"slices"

	v1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	extenderv1 "k8s.io/kube-scheduler/extender/v1"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/preemption"
)

// tieTries is how often two candidates are compared to see whether upstream takes now one, now the other: it goes
// through a map, whose order of two entries is random, if not evenly so.
const tieTries = 200

// watchedPreemption is DefaultPreemption without chance: the dry run starts at offset 0, and among candidates that
// upstream holds equal the first in node order is taken. It keeps what the dry run found on each node.
type watchedPreemption struct {
	preemption.Interface
	order  []string
	plain  preemption.Evaluator
	found  map[string]*extenderv1.Victims
	failed map[string]*fwk.Status
	tied   []string
}

// watchPreemption puts the watching in place of the plugin's own parts; nil when the profile has no DefaultPreemption.
func watchPreemption(f framework.Framework, order []string) *watchedPreemption {
	for _, plugin := range f.PreEnqueuePlugins() {
		if preempting, ok := plugin.(*defaultpreemption.DefaultPreemption); ok {
			// Evictions happen in our cluster, after the attempt.
			preempting.Executor.PreemptPod = func(context.Context, preemption.Candidate, preemption.ExecutorPreemptor, *v1.Pod, string) (bool, error) {
				return false, nil
			}
			watched := &watchedPreemption{Interface: preempting.Evaluator.Interface, order: order, plain: *preempting.Evaluator}
			preempting.Evaluator.Interface = watched
			return watched
		}
	}
	return nil
}

func (w *watchedPreemption) reset() {
	w.found, w.failed, w.tied = map[string]*extenderv1.Victims{}, map[string]*fwk.Status{}, nil
}

func (w *watchedPreemption) GetOffsetAndNumCandidates(nodes int32) (int32, int32) {
	_, count := w.Interface.GetOffsetAndNumCandidates(nodes)
	return 0, count
}

func (w *watchedPreemption) SelectVictimsOnNode(ctx context.Context, state fwk.CycleState, preemptor *v1.Pod, node fwk.NodeInfo, possible []*preemption.DomainVictim, budgets []*policyv1.PodDisruptionBudget) ([]*v1.Pod, int, *fwk.Status) {
	victims, violations, status := w.Interface.SelectVictimsOnNode(ctx, state, preemptor, node, possible, budgets)
	if status.IsSuccess() {
		w.found[node.Node().Name] = &extenderv1.Victims{Pods: victims, NumPDBViolations: int64(violations)}
	} else {
		w.failed[node.Node().Name] = status
	}
	return victims, violations, status
}

// OrderedScoreFuncs is asked when there are several candidates. Upstream's own comparison, run on pairs, says which
// are equal to the best; a single function then makes the first of these win.
func (w *watchedPreemption) OrderedScoreFuncs(ctx context.Context, victims map[string]*extenderv1.Victims) []func(string) int64 {
	var all []preemption.Candidate
	for _, node := range w.order {
		if found, ok := victims[node]; ok {
			all = append(all, pickable{node, found})
		}
	}
	best := w.plain.SelectCandidate(ctx, all).Name()
	w.tied = nil
	for _, one := range all {
		if one.Name() == best || w.canWin(ctx, one, pickable{best, victims[best]}) {
			w.tied = append(w.tied, one.Name())
		}
	}
	return []func(string) int64{func(node string) int64 {
		if node == w.tied[0] {
			return 1
		}
		return 0
	}}
}

func (w *watchedPreemption) canWin(ctx context.Context, one, best preemption.Candidate) bool {
	for range tieTries {
		if w.plain.SelectCandidate(ctx, []preemption.Candidate{one, best}).Name() == one.Name() {
			return true
		}
	}
	return false
}

type pickable struct {
	name    string
	victims *extenderv1.Victims
}

func (p pickable) Name() string                 { return p.name }
func (p pickable) Victims() *extenderv1.Victims { return p.victims }
func (p pickable) NumPodGroupDisruptions() int  { return 0 }

// describe is the record of a preemption that names node.
func (w *watchedPreemption) describe(node string, cleared []string) *preemptionRecord {
	result := &preemptionRecord{NominatedNode: node, Candidates: map[string]victimList{}, Tied: w.tied, ClearedNominations: cleared}
	for name, victims := range w.found {
		if len(victims.Pods) > 0 {
			result.Candidates[name] = victimList{Victims: podKeys(victims.Pods), PDBViolations: victims.NumPDBViolations}
		}
	}
	result.Victims = result.Candidates[node].Victims
	return result
}

// clearedNominations are the pods of lower priority whose nomination to the node ends with a preemption there. None
// ends when all victims were leaving already.
func (w *watchedPreemption) clearedNominations(f framework.Framework, preemptor *v1.Pod, node string) []string {
	leaving := func(pod *v1.Pod) bool { return pod.DeletionTimestamp != nil }
	if !slices.ContainsFunc(w.found[node].Pods, func(pod *v1.Pod) bool { return !leaving(pod) }) {
		return nil
	}
	var cleared []string
	for _, nominated := range f.NominatedPodsForNode(node) {
		if priority(nominated.GetPod()) < priority(preemptor) {
			cleared = append(cleared, podKey(nominated.GetPod()))
		}
	}
	slices.Sort(cleared)
	return cleared
}

func priority(pod *v1.Pod) int32 {
	if pod.Spec.Priority == nil {
		return 0
	}
	return *pod.Spec.Priority
}

func podKeys(pods []*v1.Pod) []string {
	keys := make([]string, 0, len(pods))
	for _, pod := range pods {
		keys = append(keys, podKey(pod))
	}
	return keys
}
